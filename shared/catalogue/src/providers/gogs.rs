use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "gogs",
    title: "Gogs",
    docs: "https://gogs.io/docs/features/webhook",
    checked: "2026-11-30",
    read: "go-playground/webhooks at 02d182ac4769: captured deliveries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Gogs-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Gogs-Delivery}"),
    event_type: Some(Template::new("{header:X-Gogs-Event}")),
    payload_field: Some("payload"),
    setup: "Repository or organization, Settings, Webhooks: add one of the type Gogs with the URL, \
            application/json and a secret of your own choice. As a form the body has the JSON in `payload`, \
            which `event.json()` reads.",
    ..Provider::BASE
};
