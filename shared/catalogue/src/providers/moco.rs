use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "moco",
    title: "MOCO",
    docs: "https://everii-group.github.io/mocoapp-api-docs/sections/webhooks.html",
    checked: "2026-11-30",
    read: "its page, in part",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "that the whole body is signed is assumed: its page says how, and not what",
    schemes: &[Scheme {
        signature: Field::header("X-Moco-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new(
        "{header:X-Moco-Target}.{header:X-Moco-Event}",
    )),
    headers: &["X-Moco-Timestamp", "X-Moco-User-Id"],
    setup: "Settings, Extensions, Webhooks: add the URL, the target and the event; its page shows the \
            signature key.",
    ..Provider::BASE
};
