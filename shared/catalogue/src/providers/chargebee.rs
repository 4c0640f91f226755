use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "chargebee",
    title: "Chargebee",
    docs: "https://www.chargebee.com/docs/2.0/webhook_settings.html",
    checked: "2026-11-29",
    schemes: &[Scheme::BASIC],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event_type}")),
    unsigned: "the whole delivery: a password is sent, nothing is signed",
    refusal_status: 401,
    deadline_seconds: Some(20),
    retry_hours: 96,
    retries: "up to 7 times, after 2 min at first and 2 days at last",
    source_ips: "listed on the same page",
    answers: Some(Answers::any_2xx(
        "https://www.chargebee.com/docs/2.0/webhook_settings.html",
    )),
    setup: "Settings, Configure Chargebee, Webhooks: add the URL, switch on protection by basic \
            authentication and choose user and password. The secret is `user:password`.",
    ..Provider::BASE
};
