use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "gemini",
    title: "Google Gemini API (static webhooks)",
    docs: "https://ai.google.dev/gemini-api/docs/webhooks",
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
    event_type: JSON_TYPE,
    setup: "Create a static webhook with the API, with the URL and the events; the answer has its signing \
            secret. Dynamic webhooks are signed by tokens, and aren't taken.",
    ..Provider::BASE
};
