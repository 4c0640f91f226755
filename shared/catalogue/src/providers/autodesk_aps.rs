use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "autodesk-aps",
    title: "Autodesk Platform Services",
    docs: "https://aps.autodesk.com/en/docs/webhooks/v1/overview/basics",
    checked: "2026-11-30",
    read: "its page; the samples of aps-webhooks-signature",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("x-adsk-signature").after(&["sha1hash="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:x-adsk-delivery-id}"),
    event_type: Some(Template::new("{json:hook.event}")),
    deadline_seconds: Some(6),
    retry_hours: 72,
    retries: "four times, the last at least 48 h after the first; then the webhook is disabled",
    answers: Some(Answers::any_2xx(
        "https://aps.autodesk.com/en/docs/webhooks/v1/overview/basics",
    )),
    setup: "Create the webhook with the API, with the URL as `callbackUrl`; set the secret token with `POST \
            /webhooks/v1/tokens`, or with the webhook. After a change of the token, both are used for up to \
            ten minutes.",
    ..Provider::BASE
};
