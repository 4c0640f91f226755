use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cm-com",
    title: "CM.com (email)",
    docs: "https://github.com/cmdotcom/email-webhook-verification-sdk",
    checked: "2026-11-30",
    read: "email-webhook-verification-sdk at 3c82a99b6e8a, in Rust, Python and .NET",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    note: "the headers have Svix's names, and the scheme is another: SHA-512, milliseconds, one signature without a \
           version, and the secret used as text",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        signature: Field::header("svix-signature"),
        encoding: Encoding::Base64,
        message: Template::new("{header:svix-id}.{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("svix-timestamp"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:svix-id}"),
    setup: "Email gateway, webhooks: add one with the URL. Its secret key is the secret.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
