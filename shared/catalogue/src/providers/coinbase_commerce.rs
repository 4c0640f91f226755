use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "coinbase-commerce",
    title: "Coinbase Commerce",
    docs: "https://docs.cdp.coinbase.com/commerce/api-architecture/webhooks-security",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("X-CC-Webhook-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event.id}"),
    event_type: Some(Template::new("{json:event.type}")),
    reference: Some(&("charge", Template::new("{json:event.data.code}"))),
    retries: "for up to three days with growing pauses, at most an hour apart, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.cloud.coinbase.com/commerce/docs/using-webhooks",
    )),
    setup: "Settings, Notifications, Webhook subscriptions: add the URL as an endpoint and reveal the shared \
            secret, which is the same for all endpoints.",
    ..Provider::BASE
};
