use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "iron",
    title: "Iron",
    docs: "https://docs.iron.xyz/",
    checked: "2026-11-30",
    read: "its page on webhooks",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("webhook-signature").after(&["v1="]),
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("webhook-timestamp"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: WEBHOOK_ID,
    setup: "Create a webhook with the API and the URL; the answer has its secret, which is used as text. It \
            calls this Standard Webhooks, which it isn't.",
    ..Provider::BASE
};
