use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "linear",
    title: "Linear",
    docs: "https://linear.app/developers/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("Linear-Signature"),
        timestamp: Some(Timestamp {
            field: Field::json("webhookTimestamp"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(60),
        }),
        ..Scheme::PLAIN
    }],
    // The header's id is not signed, and the body has the time of sending: what is signed and stays the
    // same is what was done to what, and when.
    identity: Identity::id(
        "{json:type}-{json:action}-{json:data.id|agentSession.id|notification.id}-{json:createdAt}",
    ),
    event_type: Some(Template::new("{json:type}.{json:action}")),
    headers: &["Linear-Delivery", "Linear-Event"],
    deadline_seconds: Some(5),
    retry_hours: 8,
    retries: "three times, after 1 min, 1 h and 6 h, on every status but 200; an endpoint that keeps failing may \
              be disabled",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://linear.app/developers/webhooks",
    )),
    setup: "Settings, API, Webhooks: create a webhook with the URL, choose the data, and copy its signing secret.",
    max_body: TIME_IN_BODY,
    ..Provider::BASE
};
