use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cashfree",
    title: "Cashfree Payments",
    docs: "https://www.cashfree.com/docs/payments/online/webhooks/signature-verification",
    checked: "2026-11-30",
    read: "its page; cashfree-pg-sdk-python at 9586c8c8d291",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("x-webhook-signature"),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-webhook-timestamp"),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    reference: Some(&("order", Template::new("{json:data.order.order_id}"))),
    headers: &["x-webhook-version"],
    setup: "Merchant dashboard, Developers, Webhooks: add the URL and the API's version. The secret is the \
            client secret of the same environment.",
    ..Provider::BASE
};
