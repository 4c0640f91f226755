use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "getstream",
    title: "Stream (Chat)",
    docs: "https://getstream.io/chat/docs/node/webhooks_overview/",
    checked: "2026-11-30",
    read: "stream-chat-python at 02f694fd4c40",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Webhook-Id}"),
    event_type: JSON_TYPE,
    headers: &["X-Webhook-Attempt", "X-Api-Key"],
    answers: Some(Answers::any_2xx(
        "https://getstream.io/chat/docs/node/webhooks_overview/",
    )),
    setup: "Dashboard, the app, Chat, Webhooks: enter the URL. The secret is the app's API secret.",
    ..Provider::BASE
};
