use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "constant-contact",
    title: "Constant Contact",
    docs: "https://developer.constantcontact.com/api_guide/webhook_authenticity.html",
    checked: "2026-11-30",
    read: "its page on authenticity; an independent registry of receivers for the header's name",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Tolerance,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "the header's name is said by an independent registry alone, all else of the signature by its page",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("x-ctct-webhook-sig"),
        encoding: Encoding::Jws,
        message: Template::new("{jws-detached}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-ctct-webhook-sig>ts"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://developer.constantcontact.com/.well-known/jwks.json",
    },
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event_type|topic}")),
    setup: "Ask Constant Contact's partner team for a subscription with the URL. There is no secret: the keys are \
            fetched.",
    max_body: DETACHED,
    ..Provider::BASE
};
