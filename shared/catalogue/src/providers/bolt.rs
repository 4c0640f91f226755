use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "bolt",
    title: "Bolt",
    docs: "https://help.bolt.com/developers/webhooks/hook-verification/",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Bolt-Hmac-Sha256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    setup: "Merchant dashboard, Administration, Webhooks: enter the URL. The secret is the signing secret \
            under Administration, API.",
    ..Provider::BASE
};
