use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "shopify",
    title: "Shopify",
    docs: "https://shopify.dev/docs/apps/build/webhooks/subscribe/https",
    checked: "2026-11-29",
    // Events name the same headers without `X-`: https://shopify.dev/docs/apps/build/events/verify-deliveries
    schemes: &[Scheme {
        signature: Field::header("X-Shopify-Hmac-Sha256|Shopify-Hmac-Sha256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Shopify-Webhook-Id|Shopify-Webhook-Id}"),
    event_type: Some(Template::new("{header:X-Shopify-Topic|Shopify-Topic}")),
    headers: &[
        "X-Shopify-API-Version",
        "X-Shopify-Event-Id",
        "X-Shopify-Shop-Domain",
        "X-Shopify-Triggered-At",
        "Shopify-Action",
        "Shopify-API-Version",
        "Shopify-Event-Id",
        "Shopify-Shop-Domain",
        "Shopify-Triggered-At",
    ],
    deadline_seconds: Some(5),
    retry_hours: 4,
    retries: "8 times over 4 h; the subscription is deleted after 8 failures in a row",
    refusal_status: 401,
    answers: Some(Answers::any_2xx("https://shopify.dev/docs/apps/build/webhooks/subscribe/https").noting("of a wrong signature it wants to hear 401, which the review of an app looks at (https://shopify.dev/docs/apps/build/compliance/privacy-law-compliance)")),
    setup: "Subscribe with the app's configuration file or the Admin API; the secret is the app's \
            client secret.",
    ..Provider::BASE
};
