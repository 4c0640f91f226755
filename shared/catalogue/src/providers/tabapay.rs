use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "tabapay",
    title: "TabaPay",
    docs: "https://developers.tabapay.com/reference/webhook-signature-headers",
    checked: "2026-11-30",
    read: "its page, in part",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "the header's parts are said there; what is signed (`{timestamp}.{body}`) and how it is written \
            (hex) are not",
    schemes: &[Scheme {
        signature: Field::header("X-HMAC-Signature")
            .split(',')
            .after(&["v1=", "v2="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-HMAC-Signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "TabaPay sets up the URL and the secret with you. For 48 h after a rotation each delivery has two \
            signatures: `v2` is by the older secret, and no newer scheme.",
    ..Provider::BASE
};
