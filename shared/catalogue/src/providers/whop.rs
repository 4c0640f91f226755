use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "whop",
    title: "Whop",
    docs: "https://docs.whop.com/developer/guides/webhooks",
    checked: "2026-11-30",
    read: "whopsdk-python at 2334421315b1",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its library hands the key to another as it is: that the secret is text, and not base64, is taken \
            from how its examples encode it first",
    schemes: &[Scheme {
        key: KeyForm::Text,
        ..WEBHOOK_V1
    }],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    setup: "Dashboard, Developer, Webhooks: create one with the URL and the events. It shows the secret, which \
            is used as text.",
    ..Provider::BASE
};
