use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "revolut",
    title: "Revolut (Merchant and Business API)",
    docs: "https://developer.revolut.com/docs/guides/accept-payments/tutorials/work-with-webhooks/verify-the-payload-signature",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Revolut-Signature")
            .split(',')
            .after(&["v1="]),
        message: Template::new("v1.{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Revolut-Request-Timestamp"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("order", Template::new("{json:order_id}"))),
    setup: "Create the webhook with the API; its details show the signing secret, which is used as text. \
            Merchant and Business have webhooks of their own. While a secret is rotated, each delivery has a \
            signature of both.",
    ..Provider::BASE
};
