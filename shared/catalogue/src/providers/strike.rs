use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "strike",
    title: "Strike",
    docs: "https://docs.strike.me/webhooks/signature-verification",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:eventType}")),
    reference: Some(&("entity", Template::new("{json:data.entityId}"))),
    setup: "`POST /v1/subscriptions` with the URL, the event types and a secret of your own choice.",
    ..Provider::BASE
};
