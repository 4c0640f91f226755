use super::prelude::*;

const HEADER: Field = Field::header("Paddle-Signature").split(';');

pub(super) const PROVIDER: Provider = Provider {
    name: "paddle",
    title: "Paddle Billing",
    docs: "https://developer.paddle.com/webhooks/about/signature-verification",
    checked: "2026-11-29",
    schemes: &[Scheme {
        // While a secret is rotated there are several.
        signature: HEADER.after(&["h1="]),
        message: Template::new("{timestamp}:{body}"),
        timestamp: Some(Timestamp {
            field: HEADER.after(&["ts="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(5),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event_type}")),
    reference: Some(&("notification_id", Template::new("{json:notification_id}"))),
    deadline_seconds: Some(5),
    retry_hours: 72,
    retries: "live: 60 times over three days, with growing pauses; sandbox: 3 times over 15 min; on every status \
              but 200",
    source_ips: "live: 34.232.58.13, 34.195.105.136, 34.237.3.244, 35.155.119.135, 52.11.166.252, 34.212.5.7; \
                 sandbox: 34.194.127.46, 54.234.237.108, 3.208.120.145, 44.226.236.210, 44.241.183.62, \
                 100.20.172.113",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developer.paddle.com/webhooks/respond-to-webhooks",
    )),
    setup: "Developer tools, Notifications: create a destination with the URL and choose events; its secret key \
            (`pdl_ntfset_…`) is used as text, all of it. Sandbox and live have destinations of their own.",
    ..Provider::BASE
};
