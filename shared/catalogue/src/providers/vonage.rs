use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "vonage",
    title: "Vonage",
    docs: "https://developer.vonage.com/en/getting-started/concepts/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType, Fact::Retries],
    note: "for signed webhooks of the Messages and Voice APIs, sent by POST; not for answer URLs of the Voice \
           API, which want call instructions back, nor for older SMS webhooks, which sign by a field `sig`",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", "bearer "]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("payload_hash", Encoding::Hex)),
            issued: Some(Tolerance::both(300)),
            equal: &[("iss", Template::new("Vonage"))],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    // An inbound message has no status.
    identity: Identity::id("{json:message_uuid|uuid}-{json:status}-{json:timestamp}")
        .or_unique("every token has an id of its own (`jti`), and the digest of the body"),
    event_type: Some(Template::new("{json:status}")),
    reference: Some(&("uuid", Template::new("{json:message_uuid|uuid}"))),
    retry_hours: 24,
    retries: "for 24 h on every status but 200 to 205",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    answers: Some(Answers::only(
        &[(200, 205)],
        "https://developer.vonage.com/en/getting-started/concepts/webhooks",
    )),
    setup: "Dashboard, Applications, the application: enter the URL under the Messages or Voice \
            capability, with the method POST (a GET is refused: its token has the digest of a body) and signed webhooks \
            on. The secret is the signature secret under API Settings.",
    ..Provider::BASE
};
