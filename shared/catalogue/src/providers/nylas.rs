use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "nylas",
    title: "Nylas (v3)",
    docs: "https://developer.nylas.com/docs/v3/webhooks/",
    checked: "2026-11-30",
    read: "its pages on webhooks; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such \
            a table",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("X-Nylas-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challenge")),
        ..Handshake::OPEN
    }],
    deadline_seconds: Some(10),
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developer.nylas.com/docs/v3/webhooks/",
    )),
    setup: "Dashboard, Webhooks, or `POST /v3/webhooks` with the URL and the triggers: Nylas asks by GET at \
            once. The answer has the webhook's secret. Leave compressed delivery off.",
    ..Provider::BASE
};
