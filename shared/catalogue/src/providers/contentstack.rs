use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "contentstack",
    title: "Contentstack",
    docs: "https://www.contentstack.com/docs/headless-cms/secure-your-webhooks",
    checked: "2026-11-30",
    read: "its page on securing webhooks; those on their data and on its circuit breaker",
    unconfirmed: &[Fact::Tolerance, Fact::EventId, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPssSha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Contentstack-Request-Signature")
            .split(',')
            .after(&["v1="]),
        encoding: Encoding::Base64,
        timestamp: Some(Timestamp {
            field: Field::json("triggered_at"),
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:module}.{json:event}")),
    deadline_seconds: Some(30),
    retries: "four times with growing pauses, after a status of 5xx, a broken connection or no answer in time; ten failures \
              by 5xx, 401 or time disable the webhook, and others with its URL",
    setup: "Settings, Webhooks: add one with the URL and the conditions. The secret is the public key, a PEM, that \
            `/.well-known/public-keys.json` has under `signing-key` at your region's app, as https://app.contentstack.com.",
    max_body: TIME_IN_BODY,
    ..Provider::BASE
};
