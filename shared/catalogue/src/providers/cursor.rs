use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cursor",
    title: "Cursor (Cloud Agents)",
    docs: "https://cursor.com/docs/cloud-agent/api/webhooks",
    checked: "2026-11-30",
    read: "hookdeck/webhook-skills: its pages on Cursor",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Webhook-ID}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("agent", Template::new("{json:id}"))),
    headers: &["X-Webhook-Event"],
    setup: "Start an agent with the API, and name the URL and a secret of your own choice under `webhook`.",
    ..Provider::BASE
};
