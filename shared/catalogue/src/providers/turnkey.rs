use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "turnkey",
    title: "Turnkey",
    docs: "https://docs.turnkey.com/features/webhooks/verify-signatures",
    checked: "2026-11-30",
    read: "its page; that on @turnkey/crypto",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "that the signature is written in hex is assumed from the form of the published keys",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("x-turnkey-signature"),
        message: Template::new(
            "v1.ed25519.{header:x-turnkey-signature-key-id}.{timestamp}.{header:x-turnkey-event-id}.{body}",
        ),
        timestamp: Some(Timestamp {
            field: Field::header("x-turnkey-timestamp"),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(72),
        }),
        named: &[
            (Field::header("x-turnkey-signature-algorithm"), "ed25519"),
            (Field::header("x-turnkey-signature-version"), "v1"),
        ],
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:x-turnkey-event-id}"),
    event_type: JSON_TYPE,
    keys: &KeyOrigin::Published {
        url: "https://api.turnkey.com/public/v1/discovery/webhooks/jwks",
    },
    setup: "Create a webhook endpoint with the API, with the URL and the event types.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
