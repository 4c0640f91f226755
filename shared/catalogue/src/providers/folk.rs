use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "folk",
    title: "folk",
    docs: "https://developer.folk.app/api-reference/webhooks",
    checked: "2026-11-30",
    read: "NangoHQ/nango at 2f4c0af671e2, an independent receiver in production",
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
    setup: "Workspace settings, API, or the API: create a webhook with the URL and the events; it shows its \
            signing secret (`whsec_…`).",
    ..Provider::BASE
};
