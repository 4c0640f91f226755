use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "forgejo",
    title: "Forgejo",
    docs: "https://forgejo.org/docs/latest/user/webhooks/",
    checked: "2026-11-30",
    read: "the same of Gitea, from which it comes, in go-playground/webhooks at 02d182ac4769: captured \
            deliveries",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "that the header of its own name has what Gitea's has is assumed; it sends both",
    schemes: &[Scheme {
        signature: Field::header("X-Forgejo-Signature|X-Gitea-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Forgejo-Delivery|X-Gitea-Delivery}"),
    event_type: Some(Template::new("{header:X-Forgejo-Event|X-Gitea-Event}")),
    payload_field: Some("payload"),
    setup: "Repository, organization or site, Settings, Webhooks: add one of the type Forgejo with the URL, \
            POST, application/json and a secret of your own choice. As a form the body has the JSON in \
            `payload`, which `event.json()` reads.",
    ..Provider::BASE
};
