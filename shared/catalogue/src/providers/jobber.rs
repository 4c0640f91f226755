use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "jobber",
    title: "Jobber",
    docs: "https://developer.getjobber.com/docs/using_jobbers_api/setting_up_webhooks/",
    checked: "2026-11-30",
    read: "its page; NangoHQ/nango at 2f4c0af671e2, an independent receiver in production",
    unconfirmed: &[Fact::EventType, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Jobber-Hmac-SHA256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::unique(
        "its page says to tell duplicates by the payload, which has topic, item and time",
    ),
    event_type: Some(Template::new("{json:data.webHookEvent.topic}")),
    reference: Some(&("item", Template::new("{json:data.webHookEvent.itemId}"))),
    deadline_seconds: Some(1),
    retries: "where a delivery seems to have failed; an app whose answers often fail or are late may have its \
            webhooks disabled",
    setup: "Developer Center, the app, Webhooks: add a topic with the URL. The secret is the app's client \
            secret.",
    ..Provider::BASE
};
