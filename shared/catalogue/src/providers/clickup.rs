use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "clickup",
    title: "ClickUp",
    docs: "https://developer.clickup.com/docs/webhooksignature",
    checked: "2026-11-30",
    read: "its page, and that on the health of webhooks",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhook_id}:{json:history_items.0.id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("task", Template::new("{json:task_id}"))),
    deadline_seconds: Some(7),
    retry_hours: 24,
    retries: "five times in all, on every status that isn't a successful one; after a hundred events that failed, and \
              at once after the status 410, the webhook is suspended. The schedule isn't published",
    answers: Some(
        Answers::any_2xx("https://developer.clickup.com/docs/webhookhealth")
            .noting("410 suspends the webhook"),
    ),
    setup: "`POST /v2/team/TEAM/webhook` with the URL and the events; the answer has the secret as \
            `webhook.secret`.",
    ..Provider::BASE
};
