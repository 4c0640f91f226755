use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "affirm",
    title: "Affirm",
    docs: "https://docs.affirm.com/developers/v1.1-developer-reference/docs/about-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "the header and HMAC are documented; the hash, the encoding and the signed bytes are not; \
           `landfall explain` tells them from one captured delivery",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        signature: Field::header("X-Affirm-Signature")
            .split(',')
            .after(&["v0="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Affirm-Signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    // No page says that a checkout has an event but once.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{form:event}")),
    retries: "none",
    setup: "Affirm sets webhooks up for merchants on request: give your contact there the URL, and \
            ask for the secret that signs. Checkout events are form bodies, prequalification events JSON.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
