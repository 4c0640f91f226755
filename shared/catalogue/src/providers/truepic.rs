use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "truepic",
    title: "Truepic Vision",
    docs: "https://docs.truepic.com/",
    checked: "2026-11-30",
    read: "webhook-verifier-nodejs at bc130992a30b: its test's delivery",
    unconfirmed: &[Fact::Tolerance, Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("truepic-signature").split(',').after(&["s="]),
        encoding: Encoding::Base64,
        message: Template::new("{url},{timestamp},{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("truepic-signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        body: BodyForm::Json,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    reference: Some(&("capture", Template::new("{json:data.id}"))),
    setup: "Ask Truepic to send webhooks to the URL; its secret is shown with the webhook.",
    ..Provider::BASE
};
