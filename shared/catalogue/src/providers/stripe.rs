use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "stripe",
    title: "Stripe",
    docs: "https://docs.stripe.com/webhooks/signature",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("Stripe-Signature").split(',').after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Stripe-Signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    retries: "live: for three days, exponential backoff; sandbox: 3 times over some hours",
    answers: Some(Answers::any_2xx("https://docs.stripe.com/webhooks")),
    setup: "Workbench, Webhooks: add the endpoint and reveal its signing secret. It is used as text, \
            `whsec_` included; the Stripe CLI prints a secret of its own.",
    ..Provider::BASE
};
