use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cloudflare-notifications",
    title: "Cloudflare Notifications",
    docs: "https://developers.cloudflare.com/notifications/get-started/configure-webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Answer],
    note: "the test message has only `text`; in others, too, fields may be missing",
    schemes: &[Scheme {
        signature: Field::header("cf-webhook-auth"),
        ..Scheme::TOKEN
    }],
    identity: Identity::id(
        "{json:policy_id|name}-{json:alert_correlation_id}-{json:alert_event}-{json:ts}",
    ),
    event_type: Some(Template::new("{json:alert_type}")),
    unsigned: "everything; the token proves who sent, not what",
    source_ips: "https://www.cloudflare.com/ips/",
    setup: "Dashboard, Notifications, Destinations, Webhooks: create one with the URL and a secret of \
            your own choice; Cloudflare sends a test message at once. Then add it to the notifications.",
    ..Provider::BASE
};
