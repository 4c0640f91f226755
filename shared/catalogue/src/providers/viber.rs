use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "viber",
    title: "Viber",
    docs: "https://developers.viber.com/docs/api/rest-bot-api/#webhooks",
    checked: "2026-11-30",
    read: "viber-bot-python at 5cfe34e3b7d1: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Viber-Content-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event}-{json:message_token}"),
    event_type: Some(Template::new("{json:event}")),
    setup: "`POST /pa/set_webhook` with the URL, which Viber calls at once. The secret is the bot's \
            authentication token.",
    ..Provider::BASE
};
