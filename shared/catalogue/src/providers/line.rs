use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "line",
    title: "LINE Messaging API",
    docs: "https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("x-line-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    // A redelivery says of each item that it is one, so that its body differs; the items' ids don't.
    identity: Identity::unique(
        "every event in the list has a `webhookEventId` of its own; an empty list carries nothing",
    ),
    reference: Some(&("destination", Template::new("{json:destination}"))),
    bundle: Some(&Bundle {
        items: "events",
        item_id: Some(Template::new("{json:webhookEventId}")),
        item_type: JSON_TYPE,
    }),
    deadline_seconds: Some(2),
    retries: "none, unless redelivery is switched on; then for a while, how often is not published",
    answers: Some(Answers::any_2xx(
        "https://developers.line.biz/en/docs/messaging-api/check-webhook-error-statistics/",
    )),
    setup: "LINE Developers Console, the channel, Messaging API: enter the URL, switch on Use webhook \
            and Webhook redelivery. The secret is the channel secret under Basic settings.",
    ..Provider::BASE
};
