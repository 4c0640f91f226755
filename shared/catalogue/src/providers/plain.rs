use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "plain",
    title: "Plain",
    docs: "https://www.plain.com/docs/api-reference/request-signing",
    checked: "2026-11-30",
    read: "team-plain/typescript-sdk at 88de0180fc5c",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Plain-Request-Signature"),
        timestamp: Some(Timestamp {
            field: Field::json("webhookMetadata.webhookDeliveryAttemptTimestamp"),
            unit: Unit::Iso,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    setup: "Settings, Webhooks: add a target with the URL and the events; Settings, Request signing shows the \
            secret.",
    max_body: TIME_IN_BODY,
    ..Provider::BASE
};
