use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "customer-io",
    title: "Customer.io (reporting webhooks)",
    docs: "https://docs.customer.io/integrations/api/webhooks",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::Tolerance, Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("X-CIO-Signature"),
        message: Template::new("v0:{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-CIO-Timestamp"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(168),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:object_type}.{json:metric}")),
    deadline_seconds: Some(4),
    retry_hours: 168,
    retries: "for seven days with growing pauses, an hour at first after most statuses; later events wait \
            behind one that fails",
    answers: Some(Answers::any_2xx(
        "https://docs.customer.io/integrations/api/webhooks",
    )),
    setup: "Data & Integrations, Integrations, Reporting Webhooks: add one with the URL and the events; the \
            page shows the signing key.",
    ..Provider::BASE
};
