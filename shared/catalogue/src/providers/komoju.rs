use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "komoju",
    title: "KOMOJU",
    docs: "https://doc.komoju.com/docs/webhooks",
    checked: "2026-11-30",
    read: "komoju-woocommerce",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Komoju-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    headers: &["X-Komoju-Event"],
    setup: "Merchant dashboard, Webhooks: create one with the URL, the events and a secret of your own choice.",
    ..Provider::BASE
};
