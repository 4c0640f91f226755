use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "onfleet",
    title: "Onfleet",
    docs: "https://docs.onfleet.com/reference/secrets",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        key: KeyForm::Hex,
        signature: Field::header("X-Onfleet-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:triggerName|triggerId}")),
    reference: Some(&("task_id", Template::new("{json:taskId}"))),
    handshakes: &[Handshake {
        challenge: Some(Place::Query("check")),
        ..Handshake::OPEN
    }],
    retry_hours: 24,
    retries: "every 30 min for a day, on every status but 200; the webhook is turned off after more \
              than 300 failures in a row",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.onfleet.com/reference/retry",
    )),
    setup: "Settings, API & Webhooks: add a webhook per trigger with the URL, which Onfleet checks at \
            once. The secret is the webhook secret shown there, as hexadecimal digits.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
