use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "square",
    title: "Square",
    docs: "https://developer.squareup.com/docs/webhooks/step3validate",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("x-square-hmacsha256-signature"),
        encoding: Encoding::Base64,
        body: BodyForm::Json,
        message: Template::new("{url}{body}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: JSON_TYPE,
    reference: Some(&("merchant_id", Template::new("{json:merchant_id}"))),
    headers: &[
        "square-environment",
        "square-retry-number",
        "square-retry-reason",
    ],
    deadline_seconds: Some(10),
    retry_hours: 24,
    retries: "after 1, 2, 4, 8, 16 and 32 min, 1, 2 and 4 h, and twice 8 h, on every status but 2xx; 24 h in all",
    answers: Some(Answers::any_2xx(
        "https://developer.squareup.com/docs/webhooks/overview",
    )),
    setup: "Developer Console, your app, Webhooks, Subscriptions: add the URL and choose events; the subscription \
            shows its signature key. Sandbox and production have subscriptions of their own.",
    ..Provider::BASE
};
