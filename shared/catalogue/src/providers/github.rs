use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "github",
    title: "GitHub",
    docs: "https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature-256").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-GitHub-Delivery}"),
    event_type: Some(Template::new("{header:X-GitHub-Event}")),
    payload_field: Some("payload"),
    headers: &[
        "X-GitHub-Hook-ID",
        "X-GitHub-Hook-Installation-Target-ID",
        "X-GitHub-Hook-Installation-Target-Type",
    ],
    deadline_seconds: Some(10),
    retries: "none by itself; a person or the API redelivers, for up to three days",
    answers: Some(Answers::any_2xx(
        "https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks",
    )),
    largest_body_bytes: Some(25_000_000),
    setup: "Repository or organization, Settings, Webhooks: content type application/json, and a \
            secret of your own choice. With the other content type the body is a form, and `event.json()` reads its \
            field `payload`.",
    ..Provider::BASE
};
