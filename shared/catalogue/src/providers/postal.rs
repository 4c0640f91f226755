use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "postal",
    title: "Postal",
    docs: "https://docs.postalserver.io/developer/webhooks",
    checked: "2026-11-30",
    read: "postalserver/postal at 8ef89606bc34: lib/postal/http.rb",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Postal-Signature-256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:uuid}"),
    event_type: Some(Template::new("{json:event}")),
    setup: "Mail server, Webhooks: add one with the URL and the events. The secret is the server's public \
            signing key, which `postal default-dkim-record` prints, as PEM.",
    ..Provider::BASE
};
