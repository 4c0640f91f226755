use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "auth0",
    title: "Auth0 log streams",
    docs: "https://auth0.com/docs/customize/log-streams/custom-log-streams",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", ""]),
        ..Scheme::TOKEN
    }],
    unsigned: "everything; the token proves who sent, not what",
    identity: Identity::unique("every log event in the list has a `log_id` of its own"),
    bundle: Some(&Bundle {
        items: "",
        item_id: Some(Template::new("{json:log_id}")),
        item_type: Some(Template::new("{json:data.type}")),
    }),
    retries: "on every status but 2xx; the schedule is not published",
    source_ips: "https://auth0.com/docs/secure/security-guidance/data-security/allowlist",
    setup: "Monitoring, Streams: create a custom webhook with the URL, the content type \
            application/json, the content format JSON Array and an authorization token of your own \
            choice. That token is the secret, without `Bearer` before it.",
    ..Provider::BASE
};
