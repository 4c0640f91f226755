use super::{jira, prelude::*};

pub(super) const PROVIDER: Provider = Provider {
    name: "jira-oauth",
    title: "Jira OAuth 2.0 app",
    docs: "https://developer.atlassian.com/cloud/jira/platform/webhooks/#webhooks-authentication-for-oauth-2-0-apps",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Signature, Fact::Answer],
    note: "for the dynamic webhooks that an OAuth 2.0 app registers; the page says that the bearer token is signed \
           with the app's client secret, and not which claims it has: a time of expiry is asked for here",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer "]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            expires: Some(0),
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    identity: jira::ID,
    event_type: Some(Template::new("{json:webhookEvent}")),
    reference: Some(&("issue", Template::new("{json:issue.key}"))),
    headers: jira::HEADERS,
    unsigned: "the body and every header: only the token itself is signed",
    deadline_seconds: Some(20),
    retry_hours: 2,
    retries: jira::RETRIES,
    source_ips: "https://ip-ranges.atlassian.com",
    setup: "Register the webhooks with the app's own access token: POST /rest/api/3/webhook with the URL. The secret is \
            the app's client secret, in the developer console under Settings.",
    ..Provider::BASE
};
