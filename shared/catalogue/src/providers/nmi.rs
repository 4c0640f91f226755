use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "nmi",
    title: "NMI (partner webhook subscriptions)",
    docs: "https://docs.nmi.com/reference/subscriptions",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    retries: "the first time after 10 s; the schedule isn't published",
    setup: "Create a subscription with the API, with the URL and a secret. The payment gateway's own webhooks \
            are signed in another way.",
    ..Provider::BASE
};
