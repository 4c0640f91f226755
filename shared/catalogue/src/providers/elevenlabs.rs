use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "elevenlabs",
    title: "ElevenLabs",
    docs: "https://elevenlabs.io/docs/overview/administration/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("ElevenLabs-Signature")
            .split(',')
            .after(&["v0="]),
        message: Template::new("{timestamp}.{body}"),
        // The half hour that the provider's own library allows.
        timestamp: Some(Timestamp {
            field: Field::header("ElevenLabs-Signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(1800),
        }),
        ..Scheme::PLAIN
    }],
    // A transcript and a recording of the same conversation are events of different types.
    identity: Identity::id(
        "{json:type}-{json:data.conversation_id|data.voice_id}-{json:event_timestamp}",
    ),
    event_type: JSON_TYPE,
    reference: Some(&(
        "conversation_id",
        Template::new("{json:data.conversation_id}"),
    )),
    retries: "where they are switched on, up to five for transcriptions after a call, on 5xx, 429 and 408 only; an endpoint \
              that fails ten times in a row, and none of a week before, is turned off",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://elevenlabs.io/docs/eleven-api/resources/webhooks",
    )),
    setup: "Settings, Webhooks: add the URL with HMAC authentication and copy the secret, which is \
            shown once. Then choose the webhook in the settings of the agents or of the workspace.",
    ..Provider::BASE
};
