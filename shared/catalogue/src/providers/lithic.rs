use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lithic",
    title: "Lithic",
    docs: "https://docs.lithic.com/docs/events-api",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType, Fact::Retries],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event_type}")),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    answers: Some(Answers::any_2xx(
        "https://docs.lithic.com/docs/events-api#retry-schedule",
    )),
    setup: "Create an event subscription with the URL, in the dashboard or by \
            `POST /v1/event_subscriptions`; `GET /v1/event_subscriptions/TOKEN/secret` returns the \
            secret (`whsec_…`). Sandbox and production have different ones.",
    ..Provider::BASE
};
