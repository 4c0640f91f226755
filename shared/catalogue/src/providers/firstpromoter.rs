use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "firstpromoter",
    title: "FirstPromoter",
    docs: "https://docs.firstpromoter.com/webhooks-v2/security",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "Settings, Integrations, Webhooks: add the URL and the events. The signing secret, 64 hexadecimal \
            digits, is used as text.",
    ..Provider::BASE
};
