use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "livekit",
    title: "LiveKit",
    docs: "https://docs.livekit.io/home/server/webhooks/",
    checked: "2026-11-30",
    read: "livekit/python-sdks at 0ef63ce92c51",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", ""]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("sha256", Encoding::Base64)),
            expires: Some(60),
            equal: &[("iss", Template::new("{setting:api_key}"))],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("room", Template::new("{json:room.name}"))),
    settings: &[Setting {
        name: "api_key",
        help: "the API key that was chosen to sign",
        example: "APIexample",
    }],
    setup: "Project settings, Webhooks: add the URL and choose the API key that signs. The secret is that \
            key's API secret.",
    ..Provider::BASE
};
