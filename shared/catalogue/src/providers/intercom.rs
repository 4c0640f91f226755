use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "intercom",
    title: "Intercom",
    docs: "https://developers.intercom.com/docs/webhooks/webhook-notifications",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-Hub-Signature").after(&["sha1="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:topic}")),
    handshakes: &[Handshake::HEAD],
    deadline_seconds: Some(5),
    retry_hours: 1,
    retries: "once, a minute later; the status 410 ends the subscription, 429 slows it down. After a \
              thousand errors in a row within 15 min nothing is sent for 15 min; after seven days of errors the \
              subscription of a private app is suspended",
    setup: "Developer Hub, your app, Configure, Webhooks: enter the URL, which Intercom checks with a HEAD request, \
            and choose topics. The secret is the app's client secret under Basic information.",
    ..Provider::BASE
};
