use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ordergroove",
    title: "Ordergroove",
    docs: "https://developer.ordergroove.com/data/webhook-verification",
    checked: "2026-11-30",
    read: "its page; those on key rotation, on events and payloads, and on how webhooks are delivered",
    unconfirmed: &[Fact::Tolerance],
    note: "a webhook's payload may be changed in its advanced settings: id and type are those of the default one",
    schemes: &[Scheme {
        signature: Field::header("Ordergroove-Signature")
            .split(',')
            .after(&["sig="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Ordergroove-Signature")
                .split(',')
                .after(&["ts="]),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    answers: Some(Answers::any_2xx(
        "https://developer.ordergroove.com/reference/webhooks-overview",
    )),
    deadline_seconds: Some(5),
    retries: "after a minute, then with growing pauses, up to 60 times in nine to ten hours; those that were set up by the \
              older API for three days, after which the URL is disabled",
    setup: "Developers, Webhooks: create one with the target and the event types, and copy its verification key. Its \
            rotation signs with both keys for 24 hours.",
    ..Provider::BASE
};
