use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "moneybird",
    title: "Moneybird",
    docs: "https://developer.moneybird.com/webhooks/verifying-signatures",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Moneybird-Signature")
            .split(',')
            .after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Moneybird-Signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:action}")),
    reference: Some(&("entity", Template::new("{json:entity_id}"))),
    setup: "`POST /webhooks` with the URL and the events; the answer has the signing secret.",
    ..Provider::BASE
};
