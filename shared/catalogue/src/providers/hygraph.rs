use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "hygraph",
    title: "Hygraph",
    docs: "https://hygraph.com/docs/api-reference/basics/webhooks",
    checked: "2026-11-30",
    read: "hygraph-utils at d130b4a3a6ce",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Tolerance,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "formerly GraphCMS",
    schemes: &[Scheme {
        signature: HEADER.after(&["sign="]),
        encoding: Encoding::Base64,
        message: Template::new("{hygraph}"),
        timestamp: Some(Timestamp {
            field: HEADER.after(&["t="]),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("what is signed has the time in milliseconds"),
    event_type: Some(Template::new("{json:operation}")),
    setup: "Project settings, Webhooks: add one with the URL and a secret key of your own: without one nothing is \
            signed.",
    max_body: BodyLimit::kib(
        256,
        "the body is written as a text of JSON, with escapes, before a signature can be compared",
    ),
    ..Provider::BASE
};

const HEADER: Field = Field::header("gcms-signature").split(',');
