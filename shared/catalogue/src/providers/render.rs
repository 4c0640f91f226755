use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "render",
    title: "Render",
    docs: "https://render.com/docs/webhooks",
    checked: "2026-11-29",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: Some(&("service_id", Template::new("{json:data.serviceId}"))),
    deadline_seconds: Some(15),
    retry_hours: 34,
    retries: "up to 7 times over some 33 h with growing pauses; an event that fails to the last disables the webhook",
    answers: Some(Answers::any_2xx("https://render.com/docs/webhooks")),
    setup: "Workspace, Integrations, Webhooks: create one with the URL and the events, and copy its \
            signing secret (`whsec_…`).",
    ..Provider::BASE
};
