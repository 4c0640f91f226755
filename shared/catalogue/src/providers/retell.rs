use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "retell",
    title: "Retell AI",
    docs: "https://docs.retellai.com/features/secure-webhook",
    checked: "2026-11-30",
    read: "retell-python-sdk at a14e5119692c: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("x-retell-signature")
            .split(',')
            .after(&["d="]),
        message: Template::new("{body}{timestamp}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-retell-signature")
                .split(',')
                .after(&["v="]),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event}-{json:call.call_id|chat.chat_id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("call", Template::new("{json:call.call_id}"))),
    setup: "Dashboard, Webhooks, or of an agent: enter the URL. The secret is the API key that has the webhook \
            badge.",
    ..Provider::BASE
};
