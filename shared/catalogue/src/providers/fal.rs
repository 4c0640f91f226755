use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "fal",
    title: "fal",
    docs: "https://fal.ai/docs/documentation/model-apis/inference/webhooks",
    checked: "2026-11-30",
    read: "its page on webhooks",
    unconfirmed: &[Fact::Answer],
    note: "its older pages name the same keys at rest.alpha.fal.ai",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("X-Fal-Webhook-Signature"),
        message: Template::new(
            "{header:X-Fal-Webhook-Request-Id}\n{header:X-Fal-Webhook-User-Id}\n{timestamp}\n{body_sha256:hex}",
        ),
        timestamp: Some(seconds_in("X-Fal-Webhook-Timestamp")),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://rest.fal.ai/.well-known/jwks.json",
    },
    identity: Identity::id("{header:X-Fal-Webhook-Request-Id}"),
    event_type: Some(Template::new("{json:status}")),
    deadline_seconds: Some(15),
    retry_hours: 2,
    retries: "ten times in two hours",
    setup: "Name the URL with each request to the queue, as `webhook_url`, or `fal_webhook` in the query.",
    ..Provider::BASE
};
