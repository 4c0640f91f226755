use super::{jira, prelude::*};

pub(super) const PROVIDER: Provider = Provider {
    name: "jira-connect",
    title: "Jira Connect app",
    docs: "https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Answer],
    note: "for the webhooks that a Connect app declares; the lifecycle call `installed`, which brings the secret, \
           is signed in another way and is refused here",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["JWT "]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            request_digest: Some("qsh"),
            expires: Some(0),
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    identity: jira::ID,
    event_type: Some(Template::new("{json:webhookEvent}")),
    reference: Some(&("issue", Template::new("{json:issue.key}"))),
    headers: jira::HEADERS,
    unsigned: "the body and every header: only method, path and query are signed",
    deadline_seconds: Some(20),
    retry_hours: 2,
    retries: jira::RETRIES,
    source_ips: "https://ip-ranges.atlassian.com",
    setup: "In the app's descriptor set `baseUrl` to scheme and host alone, and each webhook's `url` to the whole \
            path, since what is signed is the path after the base URL; where the base URL has a path, `entered_url` is \
            the same URL without that. The secret is the `sharedSecret` that the \
            `installed` call brought; each site that installs the app has its own.",
    ..Provider::BASE
};
