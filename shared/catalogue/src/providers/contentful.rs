use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "contentful",
    title: "Contentful",
    docs: "https://www.contentful.com/developers/docs/webhooks/request-verification/",
    unconfirmed: &[Fact::Deadline, Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("x-contentful-signature"),
        message: Template::new("{contentful}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-contentful-timestamp"),
            unit: Unit::Millis,
            // What the provider's own library allows unless it is told otherwise.
            tolerance: Tolerance::past(30),
        }),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{header:X-Contentful-Idempotency-Key}")),
    event_type: Some(Template::new("{header:X-Contentful-Topic}")),
    headers: &["X-Contentful-Webhook-Name"],
    deadline_seconds: Some(30),
    retry_hours: 1,
    retries: "twice, 30 s apart, on 429, 5xx and timeouts",
    setup: "Space settings, Webhooks: add the URL, and enable request verification under Settings. \
            The signing secret is shown once and holds for all webhooks of the space.",
    ..Provider::BASE
};
