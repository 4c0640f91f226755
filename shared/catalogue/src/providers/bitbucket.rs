use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "bitbucket",
    title: "Bitbucket Cloud",
    docs: "https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Request-UUID}"),
    event_type: Some(Template::new("{header:X-Event-Key}")),
    headers: &["X-Attempt-Number", "X-Hook-UUID"],
    deadline_seconds: Some(10),
    retry_hours: 1,
    retries: "two more times, soon, on 5xx and timeouts",
    source_ips: "https://ip-ranges.atlassian.com",
    setup: "Repository settings, Webhooks, Add webhook: enter the URL, choose events, and enter or generate a \
            secret. Without a secret nothing is signed and everything is refused.",
    ..Provider::BASE
};
