use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "contentful",
    title: "Contentful",
    docs: "https://www.contentful.com/developers/docs/webhooks/request-verification/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Deadline, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("x-contentful-signature"),
        message: Template::new("{method}\n{path_and_query}\n{contentful}\n{body}"),
        // `getNormalizedEncodedURI` of @contentful/node-apps-toolkit.
        url_forms: &[UrlForm::EncodedAgain],
        timestamp: Some(Timestamp {
            field: Field::header("x-contentful-timestamp"),
            unit: Unit::Millis,
            // The provider's own library allows 30 s unless it is told otherwise, but a redelivery comes
            // 30 s later and no page says that it is signed anew.
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Contentful-Idempotency-Key}"),
    event_type: Some(Template::new("{header:X-Contentful-Topic}")),
    methods: &[Method::Post, Method::Put, Method::Patch],
    headers: &["X-Contentful-Webhook-Name"],
    deadline_seconds: Some(30),
    retry_hours: 24,
    retries: "twice, 30 s apart; a space may ask for more, over up to 24 h",
    setup: "Space settings, Webhooks: add the URL, with the method POST, PUT or PATCH (GET and DELETE are refused: no page says that \
            they have a body), and enable request verification under Settings. \
            The signing secret is shown once and holds for all webhooks of the space.",
    max_body: SEVERAL_MESSAGES,
    ..Provider::BASE
};
