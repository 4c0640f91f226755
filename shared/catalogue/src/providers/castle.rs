use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "castle",
    title: "Castle",
    docs: "https://docs.castle.io/docs/webhooks",
    checked: "2026-11-30",
    read: "castle-python at 2ec259ae7e59: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Castle-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    setup: "Dashboard, Settings, Webhooks: add the URL. The secret is the API secret.",
    ..Provider::BASE
};
