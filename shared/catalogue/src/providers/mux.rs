use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mux",
    title: "Mux",
    docs: "https://mux.com/docs/core/verify-webhook-signatures",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("Mux-Signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Mux-Signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    reference: Some(&("object", Template::new("{json:object.id}"))),
    retry_hours: 24,
    retries: "for 24 h, with growing pauses",
    answers: Some(Answers::any_2xx(
        "https://www.mux.com/docs/core/listen-for-webhooks",
    )),
    setup: "Settings, Webhooks: choose the environment, add the URL, and show the signing secret of \
            that webhook.",
    ..Provider::BASE
};
