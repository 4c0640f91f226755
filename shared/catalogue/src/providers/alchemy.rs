use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "alchemy",
    title: "Alchemy Notify",
    docs: "https://docs.alchemy.com/reference/notify-api-faq",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Alchemy-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    reference: Some(&("webhook", Template::new("{json:webhookId}"))),
    setup: "Dashboard, Notify: create a webhook with the URL. The secret is its signing key, which the top \
            right of its page shows.",
    ..Provider::BASE
};
