use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "helpscout",
    title: "Help Scout",
    docs: "https://developer.helpscout.com/webhooks/",
    checked: "2026-11-30",
    read: "helpscout-api-php at 6edf26666d03: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-HelpScout-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{header:X-HelpScout-Event}")),
    reference: Some(&("conversation", Template::new("{json:id}"))),
    setup: "Manage, Apps, Webhooks, or the API: add the URL, the events and a secret of your own choice.",
    ..Provider::BASE
};
