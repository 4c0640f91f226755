use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "polar",
    title: "Polar",
    docs: "https://polar.sh/docs/integrate/webhooks/delivery",
    checked: "2026-11-29",
    // Secrets made before 2026-09-08 are used as text, whatever they begin with, `whsec_` included; those made
    // since are decoded: https://github.com/polarsource/polar/pull/14117
    schemes: &[Scheme {
        key: KeyForm::TextOrBase64 { prefix: "whsec_" },
        ..WEBHOOK_V1
    }],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    reference: Some(&("object", Template::new("{json:data.id}"))),
    deadline_seconds: Some(10),
    retries: "up to 10 times, with growing pauses; the endpoint is disabled after 10 failed deliveries \
              in a row, redirects included",
    source_ips: "3.134.238.10, 3.129.111.220, 52.15.118.168, 74.220.50.0/24, 74.220.58.0/24",
    answers: Some(
        Answers::any_2xx("https://polar.sh/docs/integrate/webhooks/delivery")
            .noting("redirects are failures"),
    ),
    setup: "Settings, Webhooks: add the endpoint with the format Raw, and choose or generate a secret. \
            One that was made before 2026-09-08 is used as text, with whatever it begins; a later one as \
            base64 behind `whsec_`. Both are tried.",
    max_body: SEVERAL_MESSAGES,
    ..Provider::BASE
};
