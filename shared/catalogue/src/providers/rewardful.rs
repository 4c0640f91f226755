use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "rewardful",
    title: "Rewardful",
    docs: "https://developers.rewardful.com/webhooks/signed-webhooks",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Rewardful-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event.id}"),
    event_type: Some(Template::new("{json:event.type}")),
    setup: "Dashboard, Company settings, Webhooks: add an endpoint with the URL and the events; it shows its \
            signing secret.",
    ..Provider::BASE
};
