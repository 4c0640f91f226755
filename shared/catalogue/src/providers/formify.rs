use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "formify",
    title: "Formify",
    docs: "https://developers.formify.eu/guides/production-checklist",
    checked: "2026-11-29",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::Signature,
        Fact::EventType,
        Fact::Deadline,
        Fact::Retries,
    ],
    note: "the headers and the secret are documented, the signed bytes, hash and encoding are not; \
         `landfall explain` finds them from one captured delivery",
    // A timestamp header reduces replay attacks only if it is signed, so it is read as signed. Two
    // compositions are never accepted side by side: a captured one could pass as the other.
    schemes: &[Scheme {
        signature: Field::header("X-Formify-Signature").after(&["sha256=", "v1=", ""]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Formify-Timestamp"),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:eventId}"),
    event_type: JSON_TYPE,
    answers: Some(Answers::any_2xx(
        "https://developers.formify.eu/guides/production-checklist",
    )),
    setup: "Create the webhook in Formify's settings and copy its signing secret.",
    ..Provider::BASE
};
