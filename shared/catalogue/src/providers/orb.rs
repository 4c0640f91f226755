use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "orb",
    title: "Orb",
    docs: "https://docs.withorb.com/integrations-and-exports/webhooks",
    checked: "2026-11-30",
    read: "orb-python at 604050c257ef: its tests' deliveries",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Orb-Signature").split(' ').after(&["v1="]),
        message: Template::new("v1:{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Orb-Timestamp"),
            unit: Unit::IsoUtc,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    setup: "Developers, Webhooks: add an endpoint with the URL; it shows its signing secret. While that is \
            rotated a delivery has a signature by each.",
    ..Provider::BASE
};
