use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dodopayments",
    title: "Dodo Payments",
    docs: "https://docs.dodopayments.com/developer-resources/webhooks",
    checked: "2026-11-30",
    read: "its page; dodopayments-python at 9ee69f8f4460",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    setup: "Dashboard, Settings, Webhooks: add the URL and choose the events; the page shows the secret key \
            (`whsec_…`).",
    ..Provider::BASE
};
