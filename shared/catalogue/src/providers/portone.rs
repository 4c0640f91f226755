use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "portone",
    title: "PortOne (Korea)",
    docs: "https://developers.portone.io/opi/ko/integration/webhook/readme-v2",
    checked: "2026-11-30",
    read: "portone-io/server-sdk at f944c0a57d6d",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    setup: "Console, payment integration, Webhooks: enter the URL for version 2024-04-25. The webhook secret \
            is shown there, with or without `whsec_` before it.",
    ..Provider::BASE
};
