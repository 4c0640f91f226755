use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "increase",
    title: "Increase",
    docs: "https://increase.com/documentation/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "an event names an object by its id; the handler fetches it",
    schemes: &[WEBHOOK_V1],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:category}")),
    reference: Some(&(
        "associated_object_id",
        Template::new("{json:associated_object_id}"),
    )),
    setup: "Dashboard, Developers, Webhooks: create an event subscription with the URL and copy its \
            secret (`whsec_…`). Sandbox and production have subscriptions of their own.",
    ..Provider::BASE
};
