use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "modern-treasury",
    title: "Modern Treasury",
    docs: "https://docs.moderntreasury.com/platform/reference/webhook-signatures",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{header:X-Topic}.{json:event}")),
    setup: "Developers, Webhooks: add the endpoint and its events, and copy the webhook key. Sandbox \
            and live have keys of their own.",
    ..Provider::BASE
};
