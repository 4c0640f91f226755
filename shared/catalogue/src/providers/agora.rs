use super::prelude::*;

const V2: Field = Field::header("Agora-Signature-V2");

pub(super) const PROVIDER: Provider = Provider {
    name: "agora",
    title: "Agora (notifications)",
    docs: "https://docs.agora.io/en/video-calling/advanced-features/receive-notifications",
    checked: "2026-11-30",
    read: "AgoraIO/Docs-Source at 8c1f0c5c51be: the deliveries in it",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[
        Scheme {
            version: "v2",
            signature: V2,
            ..Scheme::PLAIN
        },
        Scheme {
            version: "v1",
            opt_in: true,
            algorithm: Algorithm::HmacSha1,
            signature: Field::header("Agora-Signature"),
            unless: Some(&V2),
            ..Scheme::PLAIN
        },
    ],
    identity: Identity::id("{json:noticeId}"),
    event_type: Some(Template::new("{json:eventType}")),
    setup: "Console, the project, Notifications: enter the URL and choose the events; the page shows the \
            secret.",
    ..Provider::BASE
};
