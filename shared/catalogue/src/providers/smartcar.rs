use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "smartcar",
    title: "Smartcar",
    docs: "https://smartcar.com/docs/integrations/webhooks/overview",
    checked: "2026-11-30",
    read: "smartcar/python-sdk at a4dfeff45e13",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Handshake,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("SC-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:eventId}"),
    event_type: Some(Template::new("{json:eventType|eventName}")),
    handshakes: &[Handshake {
        challenge: Some(Place::Json("payload.challenge|data.challenge")),
        reply: Reply::Json(&[("challenge", Template::new("{hmac:hex}"))]),
        ..Handshake::SIGNED
    }],
    setup: "Dashboard, Integrations: create a webhook with the URL, which Smartcar verifies at once. The \
            secret is the application management token.",
    ..Provider::BASE
};
