use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dwolla",
    title: "Dwolla",
    docs: "https://developers.dwolla.com/docs/balance/webhooks",
    checked: "2026-11-30",
    read: "the page on validating webhooks beside it",
    schemes: &[Scheme {
        signature: Field::header("X-Request-Signature-SHA-256"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:topic}")),
    reference: Some(&("resource", Template::new("{json:resourceId}"))),
    deadline_seconds: Some(10),
    retry_hours: 73,
    retries: "up to 8 times within 72 h; the subscription is paused after 400 failures in a row and 24 h \
            without success",
    answers: Some(Answers::any_2xx(
        "https://developers.dwolla.com/docs/balance/webhooks",
    )),
    setup: "`POST /webhook-subscriptions` with the URL and a secret of your own choice. All events are sent, \
            none can be left out.",
    ..Provider::BASE
};
