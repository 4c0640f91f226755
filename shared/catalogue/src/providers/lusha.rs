use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lusha",
    title: "Lusha",
    docs: "https://docs.lusha.com/webhooks/security",
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
    note: "whether the time is in seconds or milliseconds isn't said there: either is taken",
    schemes: &[Scheme {
        signature: Field::header("X-Lusha-Signature"),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Lusha-Timestamp"),
            unit: Unit::SecondsOrMillis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "Create a subscription with the API and the URL; the account's webhook secret signs.",
    ..Provider::BASE
};
