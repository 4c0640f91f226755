use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "razorpay",
    title: "Razorpay",
    docs: "https://razorpay.com/docs/webhooks/validate-test/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Deadline],
    schemes: &[Scheme {
        signature: Field::header("X-Razorpay-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:x-razorpay-event-id}"),
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("account_id", Template::new("{json:account_id}"))),
    deadline_seconds: Some(5),
    retry_hours: 24,
    retries: "for 24 h with growing pauses, on every status but 2xx; then the webhook is disabled",
    source_ips: "https://razorpay.com/docs/security/whitelists/",
    answers: Some(Answers::any_2xx(
        "https://razorpay.com/docs/webhooks/best-practices/",
    )),
    setup: "Dashboard, Account & Settings, Webhooks: add the URL, a secret of your own choice and the \
            events. A redelivery is signed with the secret that held when the event arose: keep the old \
            one for a day.",
    ..Provider::BASE
};
