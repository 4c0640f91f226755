use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "zoom",
    title: "Zoom",
    docs: "https://developers.zoom.us/docs/api/webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("x-zm-signature").after(&["v0="]),
        message: Template::new("v0:{timestamp}:{body}"),
        timestamp: Some(seconds_in("x-zm-request-timestamp")),
        ..Scheme::PLAIN
    }],
    // There is no id of the event, and every try is signed at a time of its own: what happened to
    // whom or what, and when, in milliseconds.
    identity: Identity::id(
        "{json:event}-{json:event_ts}-{json:payload.object.participant.participant_uuid|\
         payload.object.participant.user_id|payload.object.uuid|payload.object.id|payload.object.message_id}",
    ),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("account_id", Template::new("{json:payload.account_id}"))),
    headers: &["x-zm-trackingid"],
    handshakes: &[Handshake {
        when: Some((Place::Json("event"), "endpoint.url_validation")),
        challenge: Some(Place::Json("payload.plainToken")),
        reply: Reply::Json(&[
            ("plainToken", Template::new("{challenge}")),
            ("encryptedToken", Template::new("{hmac:hex}")),
        ]),
        ..Handshake::SIGNED
    }],
    deadline_seconds: Some(3),
    retry_hours: 2,
    retries: "three times, 5, 20 and 60 min apart, on 5xx and failed connections; 3xx and 4xx are final",
    answers: Some(Answers::only(
        &[(200, 200), (204, 204)],
        "https://developers.zoom.us/docs/api/webhooks/",
    )),
    setup: "App Marketplace, your app, Features, Access: copy the secret token; switch on event subscriptions, enter \
            the URL, choose events, and validate it. Zoom validates it again every 72 h.",
    ..Provider::BASE
};
