use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cloudflare-stream",
    title: "Cloudflare Stream",
    docs: "https://developers.cloudflare.com/stream/manage-video-library/using-webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::EventId, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Webhook-Signature")
            .split(',')
            .after(&["sig1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Webhook-Signature")
                .split(',')
                .after(&["time="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    // One video may become ready more than once.
    identity: Identity::id("{json:uid}-{json:status.state}-{json:modified}"),
    event_type: Some(Template::new("{json:status.state}")),
    setup: "One webhook per account, by API: PUT {\"notificationUrl\": URL} to \
            /accounts/ACCOUNT_ID/stream/webhook. The answer holds the secret.",
    ..Provider::BASE
};
