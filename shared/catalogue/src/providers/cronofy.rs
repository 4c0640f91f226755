use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cronofy",
    title: "Cronofy (push notifications)",
    docs: "https://docs.cronofy.com/developers/api/push-notifications/authentication/",
    checked: "2026-11-30",
    read: "cronofy-ruby at b75d79f275ca: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Cronofy-HMAC-SHA256").split(','),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:notification.type}")),
    reference: Some(&("channel", Template::new("{json:channel.channel_id}"))),
    setup: "`POST /v1/channels` with the URL as `callback_url`. The secret is the application's client secret; \
            while it is rotated a delivery has a signature by each.",
    ..Provider::BASE
};
