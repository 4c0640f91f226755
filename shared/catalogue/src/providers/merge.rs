use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "merge",
    title: "Merge",
    docs: "https://docs.merge.dev/basics/webhooks/merge-webhooks",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::Signature, Fact::EventId, Fact::Retries, Fact::Answer],
    note: "that the signature is sent without `=` at its end is said by independent receivers alone",
    schemes: &[Scheme {
        signature: Field::header("X-Merge-Webhook-Signature"),
        encoding: Encoding::Base64Url,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:hook.event}")),
    reference: Some(&("linked_account", Template::new("{json:linked_account.id}"))),
    setup: "Dashboard, Advanced, Webhooks: add one with the URL and the events. The secret is the \
            organization's signature key under Security.",
    ..Provider::BASE
};
