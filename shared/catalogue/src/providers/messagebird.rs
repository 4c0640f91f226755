use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "messagebird",
    title: "Bird (MessageBird)",
    docs: "https://developers.messagebird.com/api/#verifying-http-requests",
    checked: "2026-11-30",
    read: "messagebird/go-rest-api at e0a41ed5af76: the reference of its tests",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    note: "of a delivery without a body its token has no digest: such a delivery is refused",
    schemes: &[Scheme {
        signature: Field::header("MessageBird-Signature-JWT"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("payload_hash", Encoding::Hex)),
            url_digest: Some(("url_hash", Encoding::Hex)),
            expires: Some(1),
            equal: &[("iss", Template::new("MessageBird"))],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    reference: Some(&("message", Template::new("{json:message.id}"))),
    setup: "Dashboard, Developers, Webhooks, or of a number or a flow: enter the URL, and POST. The secret is \
            the signing key under Developers, which looks like hexadecimal digits and is used as text. If the \
            URL that reaches Landfall isn't the one that was entered, name that as the source's `url`.",
    ..Provider::BASE
};
