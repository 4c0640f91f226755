use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dyte",
    title: "Dyte",
    docs: "https://docs.dyte.io/guides/capabilities/webhooks/signatures",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("dyte-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:dyte-uuid}"),
    event_type: Some(Template::new("{json:event}")),
    setup: "Developer portal, Webhooks, or the API: add the URL and the events. The secret is the public key, \
            a PEM, that https://api.dyte.io/.well-known/webhooks.json has under `publicKey`.",
    ..Provider::BASE
};
