use super::prelude::*;

const HEADER: Field = Field::header("Calendly-Webhook-Signature").split(',');

pub(super) const PROVIDER: Provider = Provider {
    name: "calendly",
    title: "Calendly",
    docs: "https://developer.calendly.com/api-docs/ZG9jOjM2MzE2MDM4-webhook-signatures",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: HEADER.after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: HEADER.after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(180),
        }),
        ..Scheme::PLAIN
    }],
    // There is no id of the event: what happened to which invitee, and when.
    identity: Identity::id("{json:event}-{json:payload.uri}-{json:created_at}"),
    event_type: Some(Template::new("{json:event}")),
    deadline_seconds: Some(15),
    retry_hours: 24,
    retries: "for 24 h with growing pauses, on every status but 2xx; then the subscription is disabled",
    answers: Some(Answers::any_2xx(
        "https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors",
    )),
    setup: "Create the subscription with the API, `POST /webhook_subscriptions`, and give it a `signing_key` of \
            your own choice: that is the secret. A paid plan is needed.",
    ..Provider::BASE
};
