use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "fireblocks",
    title: "Fireblocks",
    docs: "https://developers.fireblocks.com/reference/validating-webhooks",
    checked: "2026-11-30",
    read: "its page on validating webhooks; an independent receiver (RS512)",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    note: "keys of the workspaces in the US; of others say `keys = { url = \"…\" }` with the address that its page \
           names for your region. The older `Fireblocks-Signature` isn't taken in its place",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha512,
        key: PUBLIC_KEY,
        signature: Field::header("Fireblocks-Webhook-Signature"),
        encoding: Encoding::Jws,
        message: Template::new("{jws-detached}"),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://keys.fireblocks.io/.well-known/jwks.json",
    },
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:eventType}")),
    setup: "Developer Center, Webhooks: add one with the URL and the events that you want. There is no secret: the keys \
            are fetched.",
    max_body: DETACHED,
    ..Provider::BASE
};
