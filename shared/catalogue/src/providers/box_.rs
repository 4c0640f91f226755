use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "box",
    title: "Box",
    docs: "https://developer.box.com/guides/webhooks/v2/signatures-v2",
    checked: "2026-11-29",
    // Two keys are active while they are rotated, and either signature may be the one that matches.
    schemes: &[Scheme {
        signature: Field::header("BOX-SIGNATURE-PRIMARY|BOX-SIGNATURE-SECONDARY"),
        encoding: Encoding::Base64,
        message: Template::new("{body}{timestamp}"),
        equal: &[
            (
                Place::Header("BOX-SIGNATURE-ALGORITHM"),
                Template::new("HmacSHA256"),
            ),
            (Place::Header("BOX-SIGNATURE-VERSION"), Template::new("1")),
        ],
        timestamp: Some(Timestamp {
            field: Field::header("BOX-DELIVERY-TIMESTAMP"),
            unit: Unit::Iso,
            tolerance: Tolerance::both(600),
        }),
        ..Scheme::PLAIN
    }],
    // The id in the header is another one in every redelivery.
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:trigger}")),
    headers: &["BOX-DELIVERY-ID"],
    deadline_seconds: Some(30),
    retry_hours: 2,
    retries: "up to 12 times over 2 h, with growing pauses, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://developer.box.com/guides/webhooks/v2/",
    )),
    setup: "Developer Console, your app, Webhooks: create a webhook of version 2 with the URL. Manage signature \
            keys: generate the primary and the secondary key and set both, one after the other.",
    ..Provider::BASE
};
