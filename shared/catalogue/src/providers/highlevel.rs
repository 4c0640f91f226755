use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "highlevel",
    title: "HighLevel (GoHighLevel)",
    docs: "https://marketplace.gohighlevel.com/docs/webhook/WebhookIntegrationGuide",
    checked: "2026-11-30",
    read: "its guide, in part, and independent receivers that quote it with its public key",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "it signed with RSA in `X-WH-Signature` until 1 July 2026; that isn't taken",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("X-GHL-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhookId}"),
    event_type: JSON_TYPE,
    setup: "Marketplace, My Apps, the app, Webhooks: enter the URL and choose events. The secret is the public key in the \
            guide, one for all.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
