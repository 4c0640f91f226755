use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "incident-io",
    title: "incident.io",
    docs: "https://api-docs.incident.io/tag/Webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event_type}")),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    setup: "Settings, Webhooks: add the endpoint, choose the events, and copy the signing secret \
            (`whsec_…`).",
    ..Provider::BASE
};
