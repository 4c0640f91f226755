use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mongodb-atlas",
    title: "MongoDB Atlas",
    docs: "https://www.mongodb.com/docs/atlas/tutorial/webhook-integration/",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-MMS-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}-{json:status}-{json:updated}"),
    event_type: Some(Template::new("{header:X-MMS-Event}")),
    reference: Some(&("alert", Template::new("{json:id}"))),
    setup: "Project settings, Integrations, Webhook: enter the URL and a secret of your own choice; then name \
            the webhook in alert settings.",
    ..Provider::BASE
};
