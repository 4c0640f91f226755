use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "semaphore-ci",
    title: "Semaphore",
    docs: "https://docs.semaphoreci.com/using-semaphore/webhooks",
    checked: "2026-11-30",
    read: "semaphoreci/semaphore: the docs in it, in part",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "whether the digest has `sha256=` before it isn't said there: it is taken with and without",
    schemes: &[Scheme {
        signature: Field::header("X-Semaphore-Signature-256").after(&["sha256=", ""]),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:pipeline.state}")),
    reference: Some(&("pipeline", Template::new("{json:pipeline.id}"))),
    setup: "Settings, Notifications: create one with the URL, and a secret that has `WEBHOOK_SECRET`, which is \
            the secret here.",
    ..Provider::BASE
};
