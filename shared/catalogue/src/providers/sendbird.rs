use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sendbird",
    title: "Sendbird",
    docs: "https://sendbird.com/docs/chat/platform-api/v3/webhook/webhook-overview",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("x-sendbird-signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:category}")),
    deadline_seconds: Some(5),
    retry_hours: 1,
    retries: "up to three times, until there is an answer",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://sendbird.com/docs/chat/platform-api/v3/webhook/webhook-overview",
    )),
    setup: "Dashboard, Settings, Chat, Webhooks: turn them on, enter the URL and choose the events. The secret \
            is the application's master API token, not a secondary one.",
    ..Provider::BASE
};
