use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "deel",
    title: "Deel",
    docs: "https://developer.deel.com/docs/webhooks-get-started",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("x-deel-signature"),
        message: Template::new("POST{body}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:data.meta.event_type}")),
    headers: &["x-deel-hmac-label", "x-deel-webhook-version"],
    retries: "on every status but 2xx; the schedule wasn't found. After 10 failures in a row the subscription \
            is disabled",
    answers: Some(Answers::any_2xx(
        "https://developer.deel.com/docs/webhooks-manage",
    )),
    setup: "Apps & Integrations, Developer Center, Webhooks: add one with the URL and the events, and copy its \
            signing key. With several, `x-deel-hmac-label` names the one that signed.",
    ..Provider::BASE
};
