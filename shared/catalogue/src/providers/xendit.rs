use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "xendit",
    title: "Xendit",
    docs: "https://docs.xendit.co/apidocs/webhook-behavior",
    checked: "2026-11-30",
    read: "its pages on verification beside it",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("x-callback-token"),
        ..Scheme::TOKEN
    }],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event}")),
    unsigned: "everything; the token proves who sent, not what",
    retry_hours: 25,
    retries: "up to 6 times: after 15 and 45 min, 2, 3, 6 and 12 h",
    answers: Some(Answers::any_2xx(
        "https://docs.xendit.co/apidocs/webhook-behavior",
    )),
    setup: "Dashboard, Settings, Webhooks: enter the URL for each product. The secret is the webhook \
            verification token shown there.",
    ..Provider::BASE
};
