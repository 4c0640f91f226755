use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "brex",
    title: "Brex",
    docs: "https://developer.brex.com/docs/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event_type}")),
    setup: "Register the URL with `POST /v1/webhooks` and the event types that you want; \
            `GET /v1/webhooks/secrets` returns the secret. It is base64 without a prefix.",
    ..Provider::BASE
};
