use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "x-twitter",
    title: "X (Twitter)",
    docs: "https://docs.x.com/x-api/webhooks/quickstart",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType],
    note: "only the Activity API names a type; the Account Activity API has a field for each kind of event",
    schemes: &[Scheme {
        signature: Field::header("x-twitter-webhooks-signature").after(&["sha256="]),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:data.event_type}")),
    reference: Some(&("for_user_id", Template::new("{json:for_user_id}"))),
    handshakes: &[Handshake {
        challenge: Some(Place::Query("crc_token")),
        reply: Reply::Json(&[("response_token", Template::new("sha256={hmac:base64}"))]),
        ..Handshake::OPEN_HMAC
    }],
    deadline_seconds: Some(10),
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.x.com/x-api/webhooks/introduction",
    )),
    setup: "POST to https://api.x.com/2/webhooks with the URL, without a port, and an app-only bearer \
            token; X checks the URL at once and every hour. The secret is the app's consumer secret (API \
            secret key).",
    ..Provider::BASE
};
