use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "tally",
    title: "Tally",
    docs: "https://tally.so/help/webhooks",
    checked: "2026-11-30",
    read: "its page, in part, and its API's page on retrying webhook events; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a \
            table",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("Tally-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:eventId}"),
    event_type: Some(Template::new("{json:eventType}")),
    deadline_seconds: Some(10),
    retry_hours: 32,
    retries: "five times, after 5 and 30 min, 1, 6 and 24 h, on every status but 2xx",
    answers: Some(Answers::any_2xx("https://tally.so/help/webhooks")),
    setup: "Form, Integrations, Webhooks: connect one with the URL and turn on the signing secret. Without it \
            nothing is signed.",
    ..Provider::BASE
};
