use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "klaviyo",
    title: "Klaviyo",
    docs: "https://developers.klaviyo.com/en/docs/system-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Retries, Fact::Answer],
    note: "for system webhooks; the webhook step of a flow is not signed",
    schemes: &[Scheme {
        signature: Field::header("Klaviyo-Signature"),
        body: BodyForm::Json,
        message: Template::new("{body}{timestamp}"),
        timestamp: Some(Timestamp {
            field: Field::header("Klaviyo-Timestamp"),
            unit: Unit::HttpDate,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("every event in the list has an `external_id` of its own"),
    headers: &["Klaviyo-Webhook-Id"],
    bundle: Some(&Bundle {
        items: "data",
        item_id: Some(Template::new("{json:external_id}")),
        item_type: Some(Template::new("{json:topic}")),
    }),
    setup: "Create the webhook with `POST /api/webhooks`: this URL as `endpoint_url`, topics, and as \
            `secret_key` a secret of your own choice, 16 characters at least. Klaviyo gives system \
            webhooks to app partners and accounts with Advanced KDP.",
    ..Provider::BASE
};
