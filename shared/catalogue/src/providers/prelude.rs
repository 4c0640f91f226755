//! What entries are made of, and what several of them share.

pub(super) use crate::{
    handshake::{Accepted, Fixed, Form, Handshake, Method, Proof, Reply},
    identity::Identity,
    provider::{Answers, Batch, Enrolment, Fact, KeyOrigin, Provider, Setting, Subscription},
    scheme::{
        Algorithm, BodyForm, Claims, Encoding, Field, KeyForm, Scheme, Timestamp, Tolerance, Unit,
    },
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

/// A key that the operator holds only the public half of, in any of the usual notations.
pub(super) const PUBLIC_KEY: KeyForm = KeyForm::Public { prefix: "" };
