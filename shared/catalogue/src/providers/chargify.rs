use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "chargify",
    title: "Maxio Advanced Billing (Chargify)",
    docs: "https://docs.maxio.com/hc/en-us/articles/24266136649869-Webhooks-Reference",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::Signature],
    note: "that the body is signed is said by that table alone; its own page wasn't read",
    schemes: &[Scheme {
        signature: Field::header("X-Chargify-Webhook-Signature-Hmac-Sha-256"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{form:id}"),
    event_type: Some(Template::new("{form:event}")),
    deadline_seconds: Some(15),
    retry_hours: 1,
    retries: "up to 4 times: after 10, 15, 90 and 180 s, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.maxio.com/hc/en-us/articles/24266136649869-Webhooks-Reference",
    )),
    setup: "Config, Integrations, Webhooks: add the URL and the events. The secret is the site's shared key. \
            The body is a form, with names as `payload[subscription][id]`.",
    ..Provider::BASE
};
