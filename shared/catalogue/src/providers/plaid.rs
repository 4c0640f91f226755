use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "plaid",
    title: "Plaid",
    docs: "https://plaid.com/docs/api/webhooks/webhook-verification/",
    checked: "2026-11-29",
    read: "its pages on webhooks and on their verification",
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha256Fixed,
        key: PUBLIC_KEY,
        signature: Field::header("Plaid-Verification"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("request_body_sha256", Encoding::Hex)),
            issued: Some(Tolerance::both(300)),
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Asked(Asked {
        id: Place::Header("Plaid-Verification>kid"),
        url: "https://production.plaid.com/webhook_verification_key/get#{id}",
        sandbox: "https://sandbox.plaid.com/webhook_verification_key/get#{id}",
        answer: "key",
        shows: Shows::Fields {
            id: "client_id",
            secret: "secret",
            key_id: "key_id",
        },
    }),
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
    setup: "Give the URL as `webhook` when you create the link token. Store `CLIENT_ID:SECRET` of your team's keys as \
            the secret, that of the sandbox but in `live`: ingest asks with it for the public key that a delivery names.",
    ..Provider::BASE
};
