use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pusher",
    title: "Pusher Channels",
    docs: "https://pusher.com/docs/channels/server_api/webhooks/",
    checked: "2026-11-30",
    read: "pusher-http-node at 7492d8db9146: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Pusher-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    headers: &["X-Pusher-Key"],
    bundle: Some(Bundle {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:name}")),
    }),
    setup: "Dashboard, the app, Webhooks: add the URL and the event types. The secret is the secret of the \
            app's key; while there are several keys, set all of them: each delivery names its own in \
            `X-Pusher-Key`.",
    ..Provider::BASE
};
