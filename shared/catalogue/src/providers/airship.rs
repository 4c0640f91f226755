use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "airship",
    title: "Airship",
    docs: "https://docs.airship.com/guides/messaging/user-guide/data/data-streaming/data-streaming/",
    checked: "2026-11-30",
    read: "an independent registry of receivers (webhook-co at de3aa4e8ae04)",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Tolerance,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "header, signed text and the five minutes are said by independent receivers alone",
    schemes: &[Scheme {
        signature: Field::header("X-UA-SIGNATURE"),
        message: Template::new("{timestamp}:{body}"),
        timestamp: Some(seconds_in("X-UA-TIMESTAMP")),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    setup: "Make the webhook in the project's settings with the URL and a secret of your own.",
    ..Provider::BASE
};
