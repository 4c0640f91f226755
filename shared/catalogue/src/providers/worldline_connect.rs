use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "worldline-connect",
    title: "Worldline Connect (Ingenico ePayments)",
    docs: "https://docs.connect.worldline-solutions.com/documentation/webhooks",
    checked: "2026-11-30",
    read: "connect-sdk-python3 at 23ae7bbd76f2",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Handshake,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("X-GCS-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    headers: &["X-GCS-KeyId"],
    handshakes: &[Handshake {
        challenge: Some(Place::Header("X-GCS-Webhooks-Endpoint-Verification")),
        ..Handshake::OPEN
    }],
    setup: "Configuration Center, Webhooks: generate a key, enter the URL, and set the key id and its secret \
            key; the secret is the secret key. Several keys may count at once: each delivery names its own in \
            `X-GCS-KeyId`.",
    ..Provider::BASE
};
