use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "shippo",
    title: "Shippo",
    docs: "https://docs.goshippo.com/tracking/webhook-security",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance],
    schemes: &[Scheme {
        signature: Field::header("Shippo-Auth-Signature")
            .split(',')
            .after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Shippo-Auth-Signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&(
        "tracking_number",
        Template::new("{json:data.tracking_number}"),
    )),
    deadline_seconds: Some(3),
    retries: "once, if the answer is late; never for a status, whichever it is",
    source_ips: "United States: 52.4.41.98, 52.23.121.194, 52.44.110.80, 54.81.253.187, 54.81.255.221; \
                 Europe: 34.248.247.69, 34.253.119.130, 52.214.174.64, 54.72.179.250",
    answers: Some(Answers::any_2xx("https://goshippo.com/docs/webhooks/")),
    setup: "Ask Shippo's support to switch on HMAC for your webhooks; they hand out the secret. Then \
            Settings, API, Webhooks: add the URL, event type and mode.",
    ..Provider::BASE
};
