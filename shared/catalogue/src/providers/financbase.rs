use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "financbase",
    title: "Financbase",
    docs: "https://financbase.com/docs/api/webhooks",
    checked: "2026-11-29",
    // One of the two samples on the provider's page compares bare hex, so the prefix is optional.
    schemes: &[Scheme {
        signature: Field::header("X-Webhook-Signature").after(&["sha256=", ""]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    headers: &["X-Webhook-Event"],
    deadline_seconds: Some(30),
    retry_hours: 1,
    retries: "3 attempts: at once, 1 min, 5 min; on 408, 429, 500, 502, 503, 504 and timeouts only",
    answers: Some(Answers::any_2xx("https://financbase.com/docs/api/webhooks")),
    setup: "Settings, Webhooks: enter the URL and choose a secret. The secret is used as text, also \
            where it begins with `whsec_`. Test calls carry no signature and are refused.",
    ..Provider::BASE
};
