use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mixpanel",
    title: "Mixpanel (cohort sync)",
    docs: "https://docs.mixpanel.com/docs/cohort-sync/webhooks",
    checked: "2026-11-30",
    read: "webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers. Exports of events are \
            another product, and signed",
    schemes: &[Scheme::BASIC],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:action}")),
    unsigned: "the whole delivery: a password is sent, nothing is signed",
    setup: "Integrations, Custom Webhook: enter the URL, and user and password of your own choice. The secret \
            is `user:password`.",
    ..Provider::BASE
};
