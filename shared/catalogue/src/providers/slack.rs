use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "slack",
    title: "Slack",
    docs: "https://docs.slack.dev/authentication/verifying-requests-from-slack",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("X-Slack-Signature").after(&["v0="]),
        message: Template::new("v0:{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Slack-Request-Timestamp"),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event.type|type}")),
    payload_field: Some("payload"),
    headers: &["X-Slack-Retry-Num", "X-Slack-Retry-Reason"],
    handshakes: &[Handshake {
        when: Some((Place::Json("type"), "url_verification")),
        challenge: Some(Place::Json("challenge")),
        reply: Reply::Json(&[("challenge", Template::new("{challenge}"))]),
        ..Handshake::SIGNED
    }],
    deadline_seconds: Some(3),
    retry_hours: 1,
    retries: "3 times: at once, 1 min, 5 min",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    answers: Some(Answers::any_2xx("https://docs.slack.dev/interactivity/handling-user-interaction").noting("the body of an answer to a command or an interaction is shown to whoever used it, so there is none")),
    setup: "App settings, Basic Information: copy the signing secret. Event Subscriptions: enter the \
            URL; Slack checks it at once and Landfall answers the challenge.",
    ..Provider::BASE
};
