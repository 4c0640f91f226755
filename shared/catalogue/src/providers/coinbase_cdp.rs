use super::{hook0, prelude::*};

pub(super) const PROVIDER: Provider = Provider {
    name: "coinbase-cdp",
    title: "Coinbase Developer Platform",
    docs: "https://docs.cdp.coinbase.com/webhooks/verify-signatures",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Deadline, Fact::Retries],
    note: "Coinbase sends with Hook0; the deadline is Hook0's default",
    schemes: hook0::SCHEMES,
    identity: Identity::id("{header:X-Event-Id}"),
    event_type: Some(Template::new("{header:X-Event-Type}")),
    deadline_seconds: Some(15),
    retry_hours: 192,
    retries: "up to 60 times, with growing pauses; the subscription is switched off while deliveries go on failing",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.cdp.coinbase.com/webhooks/transfers/overview",
    )),
    setup: "Create the subscription with the API or in the portal, Webhooks. The answer to the creation has the \
            secret, under `secret` or in the metadata.",
    ..Provider::BASE
};
