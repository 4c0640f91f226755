use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pusher",
    title: "Pusher Channels",
    docs: "https://pusher.com/docs/channels/server_api/webhooks/",
    checked: "2026-11-30",
    read: "pusher-http-node at 7492d8db9146: its tests' deliveries; the page on timeouts and retries at docs.bird.com",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("X-Pusher-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    headers: &["X-Pusher-Key"],
    bundle: Some(&Bundle {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:name}")),
    }),
    deadline_seconds: Some(4),
    retry_hours: 1,
    retries: "for 5 minutes with growing pauses, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://docs.bird.com/pusher/channels/channels/webhooks/channels-webhook-timeouts-and-retries",
    )),
    setup: "Dashboard, the app, Webhooks: add the URL and the event types. The secret is the secret of the \
            app's key; while there are several keys, set all of them: each delivery names its own in \
            `X-Pusher-Key`.",
    ..Provider::BASE
};
