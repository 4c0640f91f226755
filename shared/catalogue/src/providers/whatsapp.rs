use super::{meta, prelude::*};

pub(super) const PROVIDER: Provider = Provider {
    name: "whatsapp",
    title: "WhatsApp Business Platform",
    docs: "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature-256").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    // Messages have ids, but the changes of accounts and templates that come the same way don't.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:entry.0.changes.0.field}")),
    handshakes: meta::HANDSHAKES,
    bundle: meta::BUNDLE,
    retry_hours: 168,
    retries: "for up to seven days with growing pauses, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks",
    )),
    setup: "App Dashboard, WhatsApp, Configuration: enter the URL and a verify token of your own choice, and \
            subscribe to fields such as `messages`. The secret is the app secret under App settings, Basic; \
            the verify token stands beside it, marked as such.",
    ..Provider::BASE
};
