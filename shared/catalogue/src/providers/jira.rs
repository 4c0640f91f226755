use super::prelude::*;

pub(super) const ID: Identity = Identity::id("{header:X-Atlassian-Webhook-Identifier}");
pub(super) const HEADERS: &[&str] = &["X-Atlassian-Webhook-Flow", "X-Atlassian-Webhook-Retry"];
pub(super) const RETRIES: &str =
    "up to five times within an hour or so, on 408, 409, 425, 429, 5xx and timeouts";

pub(super) const PROVIDER: Provider = Provider {
    name: "jira",
    title: "Jira Cloud",
    docs: "https://developer.atlassian.com/cloud/jira/platform/webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: ID,
    event_type: Some(Template::new("{json:webhookEvent}")),
    reference: Some(&("issue", Template::new("{json:issue.key}"))),
    headers: HEADERS,
    deadline_seconds: Some(20),
    retry_hours: 2,
    retries: RETRIES,
    source_ips: "https://ip-ranges.atlassian.com",
    setup: "Jira settings, System, Webhooks: create a webhook with the URL and a secret of your own choice, or let \
            Jira make one. Without a secret nothing is signed and everything is refused.",
    ..Provider::BASE
};
