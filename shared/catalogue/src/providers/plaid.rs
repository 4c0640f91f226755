use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "plaid",
    title: "Plaid",
    docs: "https://plaid.com/docs/api/webhooks/webhook-verification/",
    note: "keys change: put the JWK of every key id in use into the secret, each as a text of its own",
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha256Fixed,
        key: PUBLIC_KEY,
        signature: Field::header("Plaid-Verification"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(Claims {
            body_digest: Some(("request_body_sha256", Encoding::Hex)),
            issued: Some(Tolerance::both(300)),
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    // The same item has the same event many times: a digest of the signed bytes is the id.
    event_type: Some(Template::new("{json:webhook_type}.{json:webhook_code}")),
    deadline_seconds: Some(10),
    retry_hours: 24,
    retries: "for up to 24 h, after 30 s at first and four times as long each time, on every status but 200; none \
              while more than 90 % of a day's deliveries fail",
    source_ips: "52.21.26.131, 52.21.47.157, 52.41.247.19, 52.88.82.239",
    setup: "Give the URL as `webhook` when you create the link token. Take the key id from a delivery's \
            `Plaid-Verification` header, fetch the key with `/webhook_verification_key/get`, and put the \
            JWK it returns into the secret.",
    ..Provider::BASE
};
