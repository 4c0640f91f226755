use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dropbox-sign",
    title: "Dropbox Sign",
    docs: "https://developers.hellosign.com/docs/events/walkthrough/",
    checked: "2026-11-30",
    read: "its pages on callbacks; dropbox-sign-python at ca029232e62b: its tests' events",
    unconfirmed: &[Fact::Tolerance],
    note: "formerly HelloSign. The hash covers time and type of an event, and nothing of what it tells: read that \
           anew from its API before you act upon it",
    schemes: &[Scheme {
        signature: Field::form("json>event.event_hash"),
        message: Template::new("{timestamp}{form:json>event.event_type}"),
        timestamp: Some(Timestamp {
            field: Field::form("json>event.event_time"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    joined: "the type of an event begins with a letter, and a time that has lost a digit to it is long over",
    identity: Identity::unique(
        "the body has the whole state of what happened to, with the time of each signer's steps",
    )
    .though_signed_repeats(),
    event_type: Some(Template::new("{form:json>event.event_type}")),
    payload_field: Some("json"),
    unsigned: "all of the event but its time and its type",
    accepted: Accepted::Fixed(Fixed {
        status: 200,
        content_type: "text/plain",
        body: "Hello API Event Received",
    }),
    answers: Some(
        Answers::only(
            &[(200, 200)],
            "https://developers.hellosign.com/api/manual-reference-pages/glossary/callbacks-events",
        )
        .noting("the body must be `Hello API Event Received`, which Landfall answers"),
    ),
    retry_hours: 72,
    retries: "with exponential backoff, for about three days",
    setup: "Settings, API: enter the URL as the account callback, or as the event callback of an API app, and test \
            it there. The secret is the API key of the account that owns it.",
    max_body: BodyLimit::kib(
        256,
        "the signature stands in JSON in a field of a form, several texts of which are read before it can be compared",
    ),
    ..Provider::BASE
};
