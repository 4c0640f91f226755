use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "aftership",
    title: "AfterShip (tracking)",
    docs: "https://www.aftership.com/docs/tracking/webhook/webhook-overview",
    checked: "2026-11-30",
    read: "its pages on webhooks and their payload",
    schemes: &[Scheme {
        signature: Field::header("aftership-hmac-sha256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("tracking", Template::new("{json:msg.id}"))),
    retry_hours: 69,
    retries: "up to 13 times, after 30 s at first, each pause twice the one before",
    answers: Some(Answers::any_2xx(
        "https://www.aftership.com/docs/tracking/webhook/webhook-overview",
    )),
    setup: "Notifications, Webhooks: add the URL and the events; the page shows the webhook secret. \
            AfterShip's other products sign under other names.",
    ..Provider::BASE
};
