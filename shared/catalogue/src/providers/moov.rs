use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "moov",
    title: "Moov",
    docs: "https://docs.moov.io/guides/webhooks/check-webhook-signatures/",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "how the time is written isn't said there; a time in ISO 8601 is assumed. The body isn't signed: \
            fetch what matters by its id",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        signature: Field::header("X-Signature"),
        message: Template::new("{timestamp}|{header:X-Nonce}|{header:X-Webhook-ID}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Timestamp"),
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:eventID}")
        .or_unique("a nonce is signed, which is new in each delivery"),
    event_type: JSON_TYPE,
    unsigned: "the event: only a time, a nonce and the webhook's id are signed",
    setup: "Dashboard, Developers, Webhooks: add the URL and the events; the webhook shows its signing secret. \
            Test and production have webhooks of their own.",
    ..Provider::BASE
};
