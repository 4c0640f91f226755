use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "checkout-com",
    title: "Checkout.com",
    docs: "https://www.checkout.com/docs/workflows",
    checked: "2026-11-30",
    read: "the page on webhook receivers beside it; webhook-co/webhook at de3aa4e8ae04, an independent \
            receiver that keeps such a table",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("Cko-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    reference: Some(&("payment", Template::new("{json:data.id}"))),
    deadline_seconds: Some(10),
    retry_hours: 31,
    retries: "up to 8 times: after 5, 10, 15 and 30 min, 1, 4, 12 and 12 h",
    answers: Some(Answers::any_2xx(
        "https://www.checkout.com/docs/previous/reporting-and-insights/webhooks",
    )),
    setup: "Dashboard, Developers, Workflows, or the Workflows API: a workflow with a webhook action, the URL \
            and a signature key of your own choice, which is the secret.",
    ..Provider::BASE
};
