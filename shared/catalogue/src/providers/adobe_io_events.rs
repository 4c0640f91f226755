use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "adobe-io-events",
    title: "Adobe I/O Events",
    docs: "https://developer.adobe.com/events/docs/guides/sdk/sdk_signature_verification/",
    checked: "2026-11-30",
    read: "its page on signatures; aio-lib-events at 495332c73aed: its tests' signature",
    unconfirmed: &[Fact::Handshake, Fact::Retries, Fact::Answer],
    note: "it signs with two keys and names both, of which the first is held against the first signature",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("x-adobe-digital-signature-1|x-adobe-digital-signature-2"),
        encoding: Encoding::Base64,
        equal: &[(
            Place::Json("recipient_client_id"),
            Template::new("{setting:client_id}"),
        )],
        ..Scheme::PLAIN
    }],
    settings: &[Setting {
        name: "client_id",
        help: "the client id of your project's credential, which each of its events has as `recipient_client_id`: \
               Adobe signs everybody's events with the same keys",
        example: "1a2b3c4d5e6f",
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event.@type|type}")),
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challenge")),
        ..Handshake::OPEN
    }],
    setup: "Developer Console, the project, Add event: choose webhook delivery and enter the URL, which Adobe asks \
            at once. The secret is the public key, a PEM, that stands at https://static.adobeioevents.com behind \
            the path of the header `x-adobe-public-key1-path`; store the second one beside it.",
    ..Provider::BASE
};
