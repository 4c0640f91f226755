use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "airwallex",
    title: "Airwallex",
    docs: "https://www.airwallex.com/docs/developer-tools/webhooks/webhooks-overview",
    checked: "2026-11-30",
    read: "the page on signatures beside it; webhook-co/webhook at de3aa4e8ae04, an independent receiver that \
            keeps such a table",
    unconfirmed: &[Fact::Tolerance, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("x-signature"),
        message: Template::new("{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-timestamp"),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:name}")),
    retries: "for about three days with growing pauses, on every status but 200 and on timeouts",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://www.airwallex.com/docs/developer-tools/webhooks/webhooks-overview",
    )),
    setup: "Web app, Settings, Developer, Webhooks: subscribe the URL to the events that you want. Each URL \
            has a secret of its own, which is used as text.",
    ..Provider::BASE
};
