use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "asana",
    title: "Asana",
    docs: "https://developers.asana.com/docs/webhooks-guide",
    note: "an empty list of events is a heartbeat, which comes every eight hours",
    schemes: &[Scheme {
        signature: Field::header("X-Hook-Signature"),
        ..Scheme::PLAIN
    }],
    batch: Some(Batch {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:resource.resource_type}.{json:action}")),
    }),
    deadline_seconds: Some(10),
    retry_hours: 24,
    retries: "for up to 24 h with growing pauses, on every status but 200 and 204; then the webhook is deleted",
    setup: "Create the webhook with the API, `POST /webhooks` with the resource and the URL as target. Asana hands \
            the secret over in its first request, before it answers that call.",
    ..Provider::BASE
};
