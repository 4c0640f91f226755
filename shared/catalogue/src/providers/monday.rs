use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "monday",
    title: "monday.com",
    docs: "https://developer.monday.com/api-reference/docs/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    note: "only webhooks that an app creates carry a token; those that a person adds to a board carry none",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", ""]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            expires: Some(60),
            equal: &[("aud", Template::new("{url}"))],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event.triggerUuid}"),
    event_type: Some(Template::new("{json:event.type}")),
    unsigned: "the body: the token proves who sent, not what",
    handshakes: &[Handshake {
        method: Method::Post,
        challenge: Some(Place::Json("challenge")),
        reply: Reply::Json(&[("challenge", Template::new("{challenge}"))]),
        ..Handshake::OPEN
    }],
    retry_hours: 1,
    retries: "once a minute for 30 min, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developer.monday.com/apps/changelog/clarification-on-retry-policies-for-webhooks-and-custom-actions",
    )),
    setup: "Create an app in the Developer Center, and with its token a webhook for a board by the \
            mutation create_webhook. The secret is the app's signing secret under Basic information.",
    ..Provider::BASE
};
