use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sparkpost",
    title: "SparkPost (Bird)",
    docs: "https://developers.sparkpost.com/api/webhooks/",
    checked: "2026-11-30",
    read: "webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::Bundle,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme::BASIC],
    identity: Identity::EVERY_DELIVERY,
    unsigned: "the whole delivery: a password is sent, nothing is signed",
    bundle: Some(&Bundle {
        items: "",
        item_id: Some(Template::new(
            "{json:msys.message_event.event_id|msys.track_event.event_id|msys.unsubscribe_event.event_id|msys.gen_event.event_id|msys.relay_event.event_id}",
        )),
        item_type: Some(Template::new(
            "{json:msys.message_event.type|msys.track_event.type|msys.unsubscribe_event.type|msys.gen_event.type|msys.relay_event.type}",
        )),
    }),
    setup: "Configuration, Webhooks, or the API: create one with the URL, the events and basic authentication \
            with user and password of your own choice. The secret is `user:password`.",
    ..Provider::BASE
};
