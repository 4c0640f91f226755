use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "replicate",
    title: "Replicate",
    docs: "https://replicate.com/docs/topics/webhooks/verify-webhook",
    checked: "2026-11-29",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:status}")),
    reference: Some(&("prediction", Template::new("{json:id}"))),
    retry_hours: 1,
    retries: "the last event of a prediction, on 4xx and 5xx, for about a minute with growing pauses; others never",
    answers: Some(Answers::any_2xx(
        "https://replicate.com/docs/topics/webhooks/receive-webhook",
    )),
    setup: "Give the URL as `webhook` when a prediction or training is created. \
            `GET /v1/webhooks/default/secret` returns the account's secret (`whsec_…`).",
    ..Provider::BASE
};
