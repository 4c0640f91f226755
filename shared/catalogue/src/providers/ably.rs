use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ably",
    title: "Ably (batched webhooks)",
    docs: "https://ably.com/docs/platform/integrations/webhooks",
    checked: "2026-11-30",
    read: "ably/docs at c20d2c4ff4fb",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Ably-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    headers: &["X-Ably-Key"],
    bundle: Some(&Bundle {
        items: "items",
        item_id: None,
        item_type: Some(Template::new("{json:source}")),
    }),
    setup: "Dashboard, the app, Integrations: add a webhook with the URL, request mode batched, and a signing \
            key: single requests aren't signed. The secret is that key's part behind the colon.",
    ..Provider::BASE
};
