use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "anthropic",
    title: "Anthropic (Claude)",
    docs: "https://platform.claude.com/docs/en/managed-agents/webhooks",
    checked: "2026-11-30",
    read: "anthropic-sdk-python at 009b035305e0: beta/webhooks",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    setup: "Console, Webhooks: add an endpoint with the URL and the events; it shows its signing secret \
            (`whsec_…`).",
    ..Provider::BASE
};
