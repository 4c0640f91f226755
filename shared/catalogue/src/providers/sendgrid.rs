use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sendgrid",
    title: "Twilio SendGrid",
    docs: "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Retries],
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Twilio-Email-Event-Webhook-Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Twilio-Email-Event-Webhook-Timestamp"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(24),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("every event in the list has an `sg_event_id` of its own"),
    bundle: Some(&Bundle {
        items: "",
        item_id: Some(Template::new("{json:sg_event_id}")),
        item_type: Some(Template::new("{json:event}")),
    }),
    retry_hours: 24,
    retries: "for up to 24 h with growing pauses, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/troubleshooting",
    )),
    setup: "Settings, Mail settings, Event webhooks: create one with the URL and choose events; under security \
            features switch on the signed event webhook, save, and copy the verification key.",
    ..Provider::BASE
};
