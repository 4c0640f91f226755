use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dub",
    title: "Dub",
    docs: "https://dub.co/docs/concepts/webhooks/verify-webhook-requests",
    checked: "2026-11-30",
    read: "its page, in part",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Dub-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event}")),
    setup: "Settings, Webhooks: create one with the URL and the events; its page shows the signing secret.",
    ..Provider::BASE
};
