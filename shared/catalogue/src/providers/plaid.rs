use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "plaid",
    title: "Plaid",
    docs: "https://plaid.com/docs/api/webhooks/webhook-verification/",
    checked: "2026-11-29",
    note: "keys change: set the JWK of every key id in use as a secret of the source, one by one",
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
    // The same item has the same event many times, and the time of the token is in whole seconds.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:webhook_type}.{json:webhook_code}")),
    deadline_seconds: Some(10),
    retry_hours: 24,
    retries: "for up to 24 h, after 30 s at first and four times as long each time, on every status but 200; none \
              while more than 90 % of a day's deliveries fail",
    source_ips: "52.21.26.131, 52.21.47.157, 52.41.247.19, 52.88.82.239",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://plaid.com/docs/api/webhooks/",
    )),
    setup: "Give the URL as `webhook` when you create the link token. The secret is the JWK that \
            `/webhook_verification_key/get` returns for a key id. Which id is in use stands in the first part \
            (base64url) of the header `Plaid-Verification`, as `kid`; no log of Landfall's has a header that \
            isn't verified, so let a tool that shows requests be the `webhook` of one sandbox item, and fire \
            `/sandbox/item/fire_webhook`; the same with one item in production.",
    ..Provider::BASE
};
