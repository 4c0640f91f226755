use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pipedrive",
    title: "Pipedrive",
    docs: "https://pipedrive.readme.io/docs/guide-for-webhooks-v2",
    checked: "2026-11-30",
    read: "hookdeck's list of sources",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme::BASIC],
    identity: Identity::id("{json:meta.id}"),
    event_type: Some(Template::new("{json:meta.entity}.{json:meta.action}")),
    unsigned: "the whole delivery: a password is sent, nothing is signed",
    setup: "Tools and apps, Webhooks, or the API: create one with the URL and, as HTTP authentication, user \
            and password of your own choice. The secret is `user:password`.",
    ..Provider::BASE
};
