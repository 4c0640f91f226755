use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "workos",
    title: "WorkOS",
    docs: "https://workos.com/docs/events/data-syncing/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("WorkOS-Signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("WorkOS-Signature").split(',').after(&["t="]),
            unit: Unit::Millis,
            tolerance: Tolerance::past(180),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event}")),
    retry_hours: 72,
    retries: "up to 6 times over 3 days, with growing pauses, on every status but 200",
    source_ips: "listed on the page above",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://workos.com/docs/events/data-syncing/webhooks",
    )),
    setup: "Dashboard, Webhooks: add the endpoint and its events, and copy its secret. It is used as \
            text.",
    ..Provider::BASE
};
