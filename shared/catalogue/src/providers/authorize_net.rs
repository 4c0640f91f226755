use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "authorize-net",
    title: "Authorize.Net",
    docs: "https://developer.authorize.net/api/reference/features/webhooks.html",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        key: KeyForm::Hex,
        signature: Field::header("X-ANET-Signature").after(&["sha512=", "SHA512="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:notificationId}"),
    event_type: Some(Template::new("{json:eventType}")),
    reference: Some(&("transaction", Template::new("{json:payload.id}"))),
    retry_hours: 217,
    retries: "10 times: three 3 min apart, three 8 h apart, four 48 h apart; then the webhook is inactive",
    setup: "Account, Settings, API Credentials & Keys: make a new signature key; its hexadecimal \
            digits are the secret. Account, Settings, Webhooks: add the URL and the events.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
