use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "gitea",
    title: "Gitea",
    docs: "https://docs.gitea.com/usage/webhooks",
    checked: "2026-11-30",
    read: "go-playground/webhooks at 02d182ac4769: captured deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Gitea-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Gitea-Delivery}"),
    event_type: Some(Template::new("{header:X-Gitea-Event}")),
    headers: &["X-Gitea-Event-Type"],
    payload_field: Some("payload"),
    setup: "Repository, organization or site, Settings, Webhooks: add one of the type Gitea with the URL, \
            POST, application/json and a secret of your own choice. As a form the body has the JSON in \
            `payload`, which `event.json()` reads.",
    ..Provider::BASE
};
