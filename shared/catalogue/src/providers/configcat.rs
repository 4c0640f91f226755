use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "configcat",
    title: "ConfigCat",
    docs: "https://configcat.com/docs/advanced/notifications-webhooks/",
    checked: "2026-11-30",
    read: "its page, in part; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a \
            table",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme {
        signature: Field::header("X-ConfigCat-Webhook-Signature-V1").split(','),
        encoding: Encoding::Base64,
        message: Template::new("{header:X-ConfigCat-Webhook-ID}{timestamp}{body}"),
        timestamp: Some(seconds_in("X-ConfigCat-Webhook-Timestamp")),
        ..Scheme::PLAIN
    }],
    joined: "id and time stand one behind the other; an id of another length makes a time that is far away, \
            unless it takes zeros from the other",
    identity: Identity::id("{header:X-ConfigCat-Webhook-ID}"),
    setup: "Webhooks: add one with the URL and POST, and the body that you want. Its page shows the signing \
            keys, of which either counts.",
    ..Provider::BASE
};
