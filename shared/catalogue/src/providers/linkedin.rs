use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "linkedin",
    title: "LinkedIn",
    docs: "https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Retries],
    // Whether the header's value has the prefix, too, is left open; the signed text has it in either case.
    schemes: &[Scheme {
        signature: Field::header("X-LI-Signature").after(&["hmacsha256=", ""]),
        message: Template::new("hmacsha256={body}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challengeCode")),
        reply: Reply::Json(&[
            ("challengeCode", Template::new("{challenge}")),
            ("challengeResponse", Template::new("{hmac:hex}")),
        ]),
        ..Handshake::OPEN_HMAC
    }],
    deadline_seconds: Some(3),
    answers: Some(Answers::any_2xx(
        "https://learn.microsoft.com/en-us/linkedin/shared/api-guide/webhook-validation",
    )),
    setup: "Developer portal, the app, Webhooks: enter the URL, which LinkedIn checks at once and \
            every two hours. Subscriptions to leads are made by the API. The secret is the app's \
            client secret.",
    ..Provider::BASE
};
