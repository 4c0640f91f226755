use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "discord",
    title: "Discord",
    docs: "https://docs.discord.com/developers/events/webhook-events",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::EventId],
    note: "for webhook events; interactions (slash commands) want their answer within three seconds in the \
           response, which no queue can give",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("X-Signature-Ed25519"),
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Signature-Timestamp"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(1),
        }),
        ..Scheme::PLAIN
    }],
    // There is no id of the event, and every try is signed at a time of its own: what happened to
    // whom, and when.
    identity: Identity::id(
        "{json:event.type}-{json:event.timestamp}-{json:event.data.id|event.data.user.id|event.data.user_id}",
    ),
    event_type: Some(Template::new("{json:event.type}")),
    handshakes: &[
        Handshake {
            when: Some((Place::Json("type"), "0")),
            reply: Reply::Fixed(Fixed::NO_CONTENT),
            ..Handshake::SIGNED
        },
        // Events are of type 1, too; only an interaction has a token.
        Handshake {
            when: Some((Place::Json("type"), "1")),
            challenge: Some(Place::Json("token")),
            reply: Reply::Fixed(Fixed {
                status: 200,
                content_type: "application/json",
                body: r#"{"type":1}"#,
            }),
            ..Handshake::SIGNED
        },
    ],
    accepted: Accepted::Fixed(Fixed::NO_CONTENT),
    // It sends wrong signatures on purpose, and drops an endpoint that answers otherwise.
    refusal_status: 401,
    deadline_seconds: Some(3),
    retry_hours: 1,
    retries: "several times over 10 min, with growing pauses; an endpoint that fails too often is switched off",
    answers: Some(
        Answers::only(
            &[(204, 204)],
            "https://docs.discord.com/developers/events/webhook-events",
        )
        .noting("the body must be empty; of a wrong signature it wants to hear 401"),
    ),
    setup: "Developer Portal, your app: copy the public key under General Information. Webhooks: enter the URL as \
            the endpoint, which Discord checks at once, switch events on and choose them.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
