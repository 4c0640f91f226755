use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "easypost",
    title: "EasyPost",
    docs: "https://docs.easypost.com/guides/webhooks-guide",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        key: KeyForm::TextNfkd,
        signature: Field::header("X-Hmac-Signature").after(&["hmac-sha256-hex="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:description}")),
    retries: "on every status but 2xx; the schedule is not published",
    answers: Some(Answers::any_2xx(
        "https://docs.easypost.com/guides/webhooks-guide",
    )),
    setup: "Account settings, Webhooks, or the API: create the webhook with the URL and a \
            `webhook_secret` of your own choice. Production and test have webhooks of their own.",
    ..Provider::BASE
};
