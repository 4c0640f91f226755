use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "terra",
    title: "Terra",
    docs: "https://docs.tryterra.co/reference/signing",
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
    note: "header and secret are said there; what is signed (`{timestamp}.{body}`) is assumed",
    schemes: &[Scheme {
        signature: Field::header("terra-signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("terra-signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    reference: Some(&("user", Template::new("{json:user.user_id}"))),
    setup: "Dashboard, Destinations, Webhook: enter the URL; it shows its signing secret.",
    ..Provider::BASE
};
