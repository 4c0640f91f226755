use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "frontitude",
    title: "Frontitude",
    docs: "https://developer.frontitude.com/webhooks/using-webhooks",
    checked: "2026-11-29",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    answers: Some(Answers::any_2xx(
        "https://developer.frontitude.com/webhooks/using-webhooks",
    )),
    setup: "Workspace settings, Webhooks: add the endpoint and copy the signing key (`whsec_…`).",
    ..Provider::BASE
};
