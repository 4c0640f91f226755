//! What entries are made of, and what several of them share.

pub(super) use crate::{
    asked::{Asked, Shows},
    encrypted::Encrypted,
    handshake::{Accepted, Fixed, Form, Handshake, Method, Proof, Reply},
    identity::Identity,
    provider::{Answers, Bundle, Enrolment, Fact, KeyOrigin, Provider, Setting, Subscription},
    scheme::{
        Algorithm, BodyForm, Claims, Encoding, Field, KeyForm, Scheme, Timestamp, Tolerance, Unit,
    },
    size::BodyLimit,
    template::{Place, Template},
    url::UrlForm,
};

/// A time in a header of its own, in whole seconds, five minutes on both sides.
pub(super) const fn seconds_in(header: &'static str) -> Timestamp {
    Timestamp {
        field: Field::header(header),
        unit: Unit::Seconds,
        tolerance: Tolerance::both(300),
    }
}

/// A number of our own, where the provider names none ([`Fact::Tolerance`]): as long as it goes on sending an event,
/// for a redelivery may keep the first time, and a day more. The ledger remembers the event for longer.
pub(super) const fn as_long_as_it_sends(retry_hours: u16) -> Tolerance {
    Tolerance::past((retry_hours as u32 + 24) * 3_600)
}

/// The Standard Webhooks specification, symmetric (`v1`), under the given header names.
const fn standard_v1(
    signature: &'static str,
    timestamp: &'static str,
    message: &'static str,
) -> Scheme {
    Scheme {
        version: "v1",
        key: KeyForm::Base64 { prefix: "whsec_" },
        signature: Field::header(signature).split(' ').after(&["v1,"]),
        encoding: Encoding::Base64,
        message: Template::new(message),
        timestamp: Some(seconds_in(timestamp)),
        ..Scheme::PLAIN
    }
}

pub(super) const WEBHOOK_V1: Scheme = standard_v1(
    "webhook-signature",
    "webhook-timestamp",
    "{header:webhook-id}.{timestamp}.{body}",
);

pub(super) const SVIX_V1: Scheme = standard_v1(
    "svix-signature|webhook-signature",
    "svix-timestamp|webhook-timestamp",
    "{header:svix-id|webhook-id}.{timestamp}.{body}",
);

/// What entries say that have both.
pub(super) const V1_BESIDE_V1A: &str = "a secret (`v1`) and a public key (`v1a`) are two keys, of which a source counts those that it has";

/// The asymmetric signatures (`v1a`) of the same specification. A secret that begins with `whpk_` is
/// a public key and nothing else: taken for an HMAC key, it would let anyone sign.
pub(super) const fn standard_v1a(symmetric: Scheme) -> Scheme {
    Scheme {
        algorithm: Algorithm::Ed25519,
        version: "v1a",
        key: KeyForm::Public { prefix: "whpk_" },
        signature: symmetric.signature.after(&["v1a,"]),
        ..symmetric
    }
}

pub(super) const WEBHOOK_ID: Identity = Identity::id("{header:webhook-id}");
pub(super) const SVIX_ID: Identity = Identity::id("{header:svix-id|webhook-id}");
pub(super) const JSON_TYPE: Option<Template> = Some(Template::new("{json:type}"));

pub(super) const SVIX_RETRIES: &str = "after failures: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 10 h; \
                                       the endpoint is disabled after five days of failures";

/// An HTTP message signature (RFC 9421) by HMAC-SHA256: its components are those that the delivery lists.
pub(super) const HTTP_MESSAGE: Scheme = Scheme {
    signature: Field::header("Signature").split(',').after(&["*="]),
    encoding: Encoding::Structured,
    message: Template::new("{http-message}"),
    timestamp: Some(Timestamp {
        field: Field::header("Signature-Input>created"),
        unit: Unit::Seconds,
        tolerance: Tolerance::both(300),
    }),
    ..Scheme::PLAIN
};

/// A sender that Svix lists as one of its own, and of which no more is known: its name and its page are what differs.
pub(super) const SENDS_BY_SVIX: Provider = Provider {
    docs: "https://docs.svix.com/receiving/verifying-payloads/how",
    checked: "2026-11-30",
    read: "svix-webhooks at 4fc0cfb8b426, where Svix lists it among the senders that sign by its scheme",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "Svix names it among its senders; its own pages weren't read",
    schemes: &[SVIX_V1],
    identity: SVIX_ID,
    event_type: Some(Template::new("{json:type|event_type|event}")),
    setup: "Create the webhook with the URL and the events that you want; its page, or the answer of the API, \
            shows the signing secret (`whsec_…`).",
    ..Provider::BASE
};

/// A key that the operator holds only the public half of, in any of the usual notations.
pub(super) const PUBLIC_KEY: KeyForm = KeyForm::Public { prefix: "" };

// What a stranger's delivery may cost before it is refused, held by `make bench-verify`. The sizes are ours.

/// Of a form or a JSON document that has to be taken apart and put together before anything can be compared.
pub(super) const COMPOSED: BodyLimit = BodyLimit::kib(
    128,
    "the signed text is put together from all of the body's fields before a signature can be compared",
);

/// Of several fields of a body that are read before.
pub(super) const READ_BEFORE: BodyLimit = BodyLimit::kib(
    1024,
    "the signature stands in the body, several fields of which are read before it can be compared",
);

/// Of a body in which a text that is signed beside it stands, as a time.
pub(super) const TIME_IN_BODY: BodyLimit = BodyLimit::kib(
    2048,
    "a text that is signed or held against the clock is read out of the body before a signature can be compared",
);

/// Of a hash that takes about twice as long as SHA-256.
pub(super) const SLOWER_HASH: BodyLimit = BodyLimit::kib(
    2048,
    "the hash is slower than SHA-256, and each of the source's keys takes one of the whole body",
);

/// Of signatures that each take a hash of their own: Ed25519 in a list.
pub(super) const HASH_FOR_EACH: BodyLimit = BodyLimit::kib(
    1024,
    "of the signatures in a list each takes a hash of the whole body",
);

/// Of a body that is written in base64 before it is hashed, by a hash that may be slower.
pub(super) const DETACHED: BodyLimit = BodyLimit::kib(
    1024,
    "the body is written in base64 before it is hashed, once for each of the provider's keys",
);

/// Of a body whose digest is signed.
pub(super) const DIGEST_FOR_EACH: BodyLimit = BodyLimit::kib(
    512,
    "the digest of the body may be SHA-512, and is computed once for each of the algorithms that have a key",
);

/// Of a body that may have been signed in one of several ways.
pub(super) const SEVERAL_MESSAGES: BodyLimit = BodyLimit::kib(
    2048,
    "it may be signed in one of several ways, and each takes a hash of the whole body",
);
