use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "zendesk",
    title: "Zendesk",
    docs: "https://developer.zendesk.com/documentation/webhooks/verifying/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Deadline, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Zendesk-Webhook-Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Zendesk-Webhook-Signature-Timestamp"),
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(1),
        }),
        ..Scheme::PLAIN
    }],
    // The body of a webhook that a trigger calls is the operator's own, and may have no id.
    identity: Identity::id("{header:X-Zendesk-Webhook-Invocation-Id}"),
    event_type: JSON_TYPE,
    methods: &[Method::Post, Method::Put, Method::Patch],
    headers: &["X-Zendesk-Account-Id", "X-Zendesk-Webhook-Id"],
    deadline_seconds: Some(10),
    retry_hours: 1,
    retries: "409 up to three times, timeouts up to five times, 429 and 503 if `Retry-After` is under a minute; \
              deliveries pause while most of them fail",
    setup: "Admin Center, Apps and integrations, Webhooks: create a webhook with the URL, for Zendesk events or for \
            a trigger or automation, with JSON as its format and POST, PUT or PATCH as its method: GET and DELETE have \
            no body, and what stands in their URL isn't signed. Its page reveals the signing secret, which is used \
            as text.",
    ..Provider::BASE
};
