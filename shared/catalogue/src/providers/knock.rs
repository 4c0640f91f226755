use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "knock",
    title: "Knock",
    docs: "https://docs.knock.app/developer-tools/outbound-webhooks/overview",
    checked: "2026-11-30",
    read: "knocklabs/docs at bb6e66b6e01d",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme {
        signature: Field::header("x-knock-signature").split(',').after(&["s="]),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-knock-signature").split(',').after(&["t="]),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    headers: &["x-knock-event"],
    retries: "8 tries in all, on every status but 2xx",
    source_ips: "3.138.92.104, 18.116.161.231, 3.19.195.170",
    answers: Some(Answers::any_2xx(
        "https://docs.knock.app/developer-tools/outbound-webhooks/overview",
    )),
    setup: "Dashboard, Developers, Webhooks: create one with the URL and the events, for each environment; its \
            page shows the signing key.",
    ..Provider::BASE
};
