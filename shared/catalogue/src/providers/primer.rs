use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "primer",
    title: "Primer",
    docs: "https://primer.io/docs/api-reference/get-started/configure-webhooks",
    checked: "2026-11-30",
    read: "its page",
    schemes: &[Scheme {
        signature: Field::header("X-Signature-Primary"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:eventType}")),
    reference: Some(&("payment", Template::new("{json:payment.id|paymentId}"))),
    deadline_seconds: Some(10),
    retry_hours: 1,
    retries: "up to 5 times: after about 10 s, 1, 5, 10 and 15 min",
    answers: Some(Answers::any_2xx(
        "https://primer.io/docs/api-reference/get-started/configure-webhooks",
    )),
    setup: "Dashboard, Developers, Webhooks: add the URL. The secret is the account's signing secret. For 24 h \
            after a rotation `X-Signature-Secondary` has a signature by the older one, which isn't looked at: \
            set the new secret at once.",
    ..Provider::BASE
};
