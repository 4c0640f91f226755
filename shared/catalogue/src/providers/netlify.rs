use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "netlify",
    title: "Netlify",
    docs: "https://docs.netlify.com/site-deploys/notifications/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("sha256", Encoding::Hex)),
            equal: &[("iss", Template::new("netlify"))],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    // A deploy's id is the same in all its states, and the header that names the event isn't signed.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:state}")),
    reference: Some(&("deploy", Template::new("{json:id}"))),
    headers: &["X-Netlify-Event"],
    setup: "Project configuration, Notifications, Deploy notifications: add an HTTP POST request with \
            the URL and, as JWS secret token, a secret of your own choice. Without it nothing is signed.",
    ..Provider::BASE
};
