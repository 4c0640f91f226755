use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "datasaur",
    title: "Datasaur",
    docs: "https://docs.datasaur.ai/api/apis-docs/external-webhook",
    checked: "2026-11-30",
    read: "its page: the delivery in it",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Datasaur-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    setup: "Workspace settings, or a project's: enter the URL and a secret of your own choice.",
    ..Provider::BASE
};
