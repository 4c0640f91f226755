use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "statsig",
    title: "Statsig",
    docs: "https://docs.statsig.com/integrations/event_webhook",
    checked: "2026-11-30",
    read: "statsig-io/docs at 19d11656a29b",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("X-Statsig-Signature").after(&["v0="]),
        message: Template::new("v0:{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Statsig-Request-Timestamp"),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "Project settings, Integrations, Generic Webhook: enter the URL; the page shows the webhook's \
            signing secret.",
    ..Provider::BASE
};
