use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "github",
    title: "GitHub",
    docs: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature-256").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{header:X-GitHub-Delivery}")),
    event_type: Some(Template::new("{header:X-GitHub-Event}")),
    headers: &[
        "X-GitHub-Hook-ID",
        "X-GitHub-Hook-Installation-Target-ID",
        "X-GitHub-Hook-Installation-Target-Type",
    ],
    deadline_seconds: Some(10),
    retries: "none by itself; a person or the API redelivers, for up to three days",
    setup: "Repository or organization, Settings, Webhooks: content type application/json, and a \
            secret of your own choice.",
    ..Provider::BASE
};
