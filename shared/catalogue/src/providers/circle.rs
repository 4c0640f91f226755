use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "circle",
    title: "Circle (Wallets, Contracts)",
    docs: "https://developers.circle.com/api-reference/verify-webhook-signatures",
    checked: "2026-11-30",
    read: "its pages on webhooks, endpoints and signatures, and the reference of the public key",
    unconfirmed: &[Fact::Retries],
    note: "notifications of version 2. Circle Mint and other products of version 1 come by Amazon SNS; CPN payments, \
           StableFX and Gateway have their keys at addresses of their own",
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Circle-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Asked(Asked {
        id: Place::Header("X-Circle-Key-Id"),
        url: "https://api.circle.com/v2/notifications/publicKey/{id}",
        sandbox: "",
        answer: "data.publicKey",
        shows: Shows::Bearer,
    }),
    identity: Identity::id("{json:notificationId}"),
    event_type: Some(Template::new("{json:notificationType}")),
    handshakes: &[Handshake::HEAD],
    retries: "on every status but 200; how often isn't said",
    source_ips: "54.243.112.156, 100.24.191.35, 54.165.52.248, 54.87.106.46",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.circle.com/api-reference/webhook-endpoints",
    )),
    setup: "Circle's developer console, Webhooks, Add a webhook: enter the URL; Circle asks with HEAD whether it is \
            there, and sends a test. The secret is an API key of the same account, `PREFIX:ID:SECRET`: ingest asks with \
            it for the public key that a delivery names.",
    ..Provider::BASE
};
