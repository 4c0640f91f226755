use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "front",
    title: "Front",
    docs: "https://dev.frontapp.com/docs/application-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Answer],
    note: "for the webhooks of an app; rule webhooks are signed differently, with SHA-1",
    schemes: &[Scheme {
        signature: Field::header("X-Front-Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Front-Request-Timestamp"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:payload.id}"),
    event_type: JSON_TYPE,
    handshakes: &[Handshake {
        challenge: Some(Place::Header("X-Front-Challenge")),
        ..Handshake::SIGNED
    }],
    deadline_seconds: Some(10),
    retry_hours: 1,
    retries: "3 times",
    setup: "Settings, Developers, the app, Features: add application webhooks, choose the events and \
            enter the URL, which Front checks at once. The secret is the app's signing key, under \
            Basic Information.",
    ..Provider::BASE
};
