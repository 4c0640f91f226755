use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "surveymonkey",
    title: "SurveyMonkey",
    docs: "https://api.surveymonkey.com/v3/docs#webhook-callbacks",
    checked: "2026-11-30",
    read: "public_api_docs at fc28bbc62c30",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Handshake,
        Fact::Retries,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("Sm-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event_type}")),
    handshakes: &[Handshake::HEAD],
    setup: "`POST /v3/webhooks` with the URL, which SurveyMonkey asks at once by HEAD. The secret is the app's \
            client id, `&` and its client secret: `CLIENT_ID&CLIENT_SECRET`.",
    ..Provider::BASE
};
