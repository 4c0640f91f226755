use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "formbricks",
    title: "Formbricks",
    docs: "https://formbricks.com/docs/xm-and-surveys/core-features/integrations/webhooks",
    checked: "2026-11-30",
    read: "formbricks: the docs in it",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event}")),
    setup: "Configuration, Integrations, Webhooks: add one with the URL and the triggers; it shows its secret \
            (`whsec_…`). Without one nothing is signed.",
    ..Provider::BASE
};
