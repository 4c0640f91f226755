use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "signatureapi",
    title: "SignatureAPI",
    docs: "https://signatureapi.com/docs/api/webhooks",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: Some(&("envelope", Template::new("{json:data.envelope_id}"))),
    setup: "Dashboard, Webhooks: add an endpoint with the URL and the events, for test or for live; it shows \
            its secret (`whsec_…`).",
    ..Provider::BASE
};
