use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "paystack",
    title: "Paystack",
    docs: "https://paystack.com/docs/payments/webhooks/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        signature: Field::header("x-paystack-signature"),
        ..Scheme::PLAIN
    }],
    // What happened is named, and to which transfer or charge; nothing says that it happens but once.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("reference", Template::new("{json:data.reference}"))),
    retries: "live: four times 3 min apart, then hourly for 72 h; test: hourly for 10 h; on every status but 200",
    source_ips: "52.31.139.75, 52.49.173.169, 52.214.14.220",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://paystack.com/docs/payments/webhooks/",
    )),
    setup: "Settings, API Keys & Webhooks: enter the URL, for test and for live. The secret is the \
            secret key of that mode (`sk_…`).",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
