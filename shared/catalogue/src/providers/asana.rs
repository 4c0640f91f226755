use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "asana",
    title: "Asana",
    docs: "https://developers.asana.com/docs/webhooks-guide",
    checked: "2026-11-29",
    note: "an empty list of events is a heartbeat, which comes every eight hours",
    schemes: &[Scheme {
        signature: Field::header("X-Hook-Signature"),
        ..Scheme::PLAIN
    }],
    // Events have no ids, and every heartbeat is the same.
    identity: Identity::EVERY_DELIVERY,
    enrolment: Some(&Enrolment::Echoed {
        header: "X-Hook-Secret",
    }),
    bundle: Some(&Bundle {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:resource.resource_type}.{json:action}")),
    }),
    deadline_seconds: Some(10),
    retry_hours: 24,
    retries: "for up to 24 h with growing pauses, on every status but 200 and 204; then the webhook is deleted",
    answers: Some(Answers::only(
        &[(200, 200), (204, 204)],
        "https://developers.asana.com/docs/webhook-heartbeat-events",
    )),
    setup: "Asana hands the secret over in its first request: `landfall enrol open SOURCE`, then create the \
            webhook with the API, `POST /webhooks` with the resource and the URL as target, then `landfall \
            enrol show SOURCE` and `landfall enrol confirm`. The answer to the API's call holds the secret \
            too, so that its fingerprint can be compared. Each webhook has a secret of its own; a source \
            takes five.",
    ..Provider::BASE
};
