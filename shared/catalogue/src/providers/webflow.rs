use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "webflow",
    title: "Webflow",
    docs: "https://developers.webflow.com/data/docs/working-with-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("x-webflow-signature"),
        message: Template::new("{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-webflow-timestamp"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    // There is no id of the event: what changed, and when, where the payload says so.
    identity: Identity::id(
        "{json:triggerType}-{json:payload.id|payload._id|payload.pageId|payload.siteId}-\
         {json:payload.submittedAt|payload.lastUpdated|payload.publishedOn|payload.publishTime}",
    ),
    event_type: Some(Template::new("{json:triggerType}")),
    retry_hours: 1,
    retries: "3 times, 10 min apart, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.webflow.com/data/docs/working-with-webhooks",
    )),
    setup: "Create the webhook by API: POST to https://api.webflow.com/v2/sites/SITE_ID/webhooks; those \
            of the dashboard are not signed. With a site token, the answer holds the secret; with an \
            OAuth app, the secret is the app's client secret.",
    ..Provider::BASE
};
