use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "clickup",
    title: "ClickUp",
    docs: "https://developer.clickup.com/docs/webhooksignature",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhook_id}:{json:history_items.0.id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(("task", Template::new("{json:task_id}"))),
    setup: "`POST /v2/team/TEAM/webhook` with the URL and the events; the answer has the secret as \
            `webhook.secret`.",
    ..Provider::BASE
};
