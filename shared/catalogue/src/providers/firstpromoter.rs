use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "firstpromoter",
    title: "FirstPromoter",
    docs: "https://docs.firstpromoter.com/webhooks-v2/security",
    checked: "2026-11-30",
    read: "its pages on security, payload and deliveries of webhooks v2",
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event_type}")),
    deadline_seconds: Some(30),
    retry_hours: 19,
    retries: "three times, after 20, 40 and 60 min, or as often as the subscription says, 10 times at most, each pause 20 \
              min longer; on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://docs.firstpromoter.com/webhooks-v2/deliveries",
    )),
    setup: "Settings, Integrations, Webhooks: add the URL and the events. The signing secret, 64 hexadecimal \
            digits, is used as text.",
    ..Provider::BASE
};
