use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "subtotal",
    title: "Subtotal",
    docs: "https://subtotal.com/docs/webhooks/verifying-signatures",
    checked: "2026-11-30",
    read: "its page, in part, and that on delivery and retries",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::EventId,
        Fact::EventType,
    ],
    note: "how the digest is written, and in which unit the time, isn't said there: hex, and either unit, are \
            assumed",
    schemes: &[Scheme {
        signature: Field::header("X-Subtotal-Signature"),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Subtotal-Timestamp"),
            unit: Unit::SecondsOrMillis,
            tolerance: as_long_as_it_sends(18),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    deadline_seconds: Some(10),
    retry_hours: 18,
    retries: "six times in all, over some 17.5 h; which failures are sent again isn't read",
    answers: Some(Answers::any_2xx(
        "https://www.subtotal.com/docs/webhooks/delivery-and-retries",
    )),
    setup: "Dashboard, Webhooks: add the URL; it shows its secret.",
    ..Provider::BASE
};
