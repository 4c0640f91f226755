use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "go1",
    title: "Go1",
    docs: "https://developers.go1.com/",
    checked: "2026-11-30",
    read: "go1com/webhook-verifier-js at 24f831ba936f",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("go1-signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("go1-signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(60),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "Create a webhook with the API, with the URL and the events; the answer has its secret.",
    ..Provider::BASE
};
