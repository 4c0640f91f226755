use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "orum",
    title: "Orum",
    docs: "https://docs.orum.io/api-reference/webhooks/secure-webhooks",
    checked: "2026-11-29",
    // `created_at` is the event's time, not the delivery's: retries run for a day, so it is signed
    // but not held against the clock.
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{body}{json:created_at}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event_type}")),
    deadline_seconds: Some(30),
    retry_hours: 24,
    retries: "up to 15 times over 24 h, exponential backoff, on every status but 2xx",
    answers: Some(Answers::any_2xx("https://docs.orum.io/reference/overview")),
    setup: "Monitor, Developer Tools, Webhooks: add the URL, then copy the public key behind \
            \"Webhook Secret\". Sandbox and production have different keys.",
    max_body: TIME_IN_BODY,
    ..Provider::BASE
};
