use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "btcpay",
    title: "BTCPay Server",
    docs: "https://docs.btcpayserver.org/API/Greenfield/v1/#tag/Webhooks",
    checked: "2026-11-30",
    read: "btcpayserver-doc at a8c5db500b8e",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("BTCPay-Sig").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:originalDeliveryId|deliveryId}"),
    event_type: JSON_TYPE,
    reference: Some(&("invoice", Template::new("{json:invoiceId}"))),
    setup: "Store settings, Webhooks: create one with the URL; it shows its secret, or takes one of your own \
            choice. Leave automatic redelivery on.",
    ..Provider::BASE
};
