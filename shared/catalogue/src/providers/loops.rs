use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "loops",
    title: "Loops",
    docs: "https://loops.so/docs/webhooks",
    checked: "2026-11-30",
    read: "webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:eventName}")),
    setup: "Settings, Webhooks: enter the URL and choose the events; the page shows the signing secret \
            (`whsec_…`).",
    ..Provider::BASE
};
