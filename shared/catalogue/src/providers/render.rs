use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "render",
    title: "Render",
    docs: "https://render.com/docs/webhooks",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: Some(("service_id", Template::new("{json:data.serviceId}"))),
    retries: "with growing pauses",
    setup: "Workspace, Integrations, Webhooks: create one with the URL and the events, and copy its \
            signing secret (`whsec_…`).",
    ..Provider::BASE
};
