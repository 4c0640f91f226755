use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pagerduty",
    title: "PagerDuty",
    docs: "https://developer.pagerduty.com/docs/verifying-webhook-signatures",
    checked: "2026-11-29",
    // While keys are rotated, there is a signature for each.
    schemes: &[Scheme {
        signature: Field::header("X-PagerDuty-Signature")
            .split(',')
            .after(&["v1="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event.id}"),
    event_type: Some(Template::new("{json:event.event_type}")),
    headers: &["X-Webhook-Id", "X-Webhook-Subscription"],
    deadline_seconds: Some(5),
    retry_hours: 48,
    retries: "from time to time for up to 48 h, on 429, 5xx and timeouts; later events of the same resource \
              wait. Another 4xx is final, and three lost events in a row switch the webhook off for a day",
    source_ips: "https://developer.pagerduty.com/ip-safelists/webhooks-us-service-region-json, \
                 https://developer.pagerduty.com/ip-safelists/webhooks-eu-service-region-json",
    answers: Some(
        Answers::any_2xx(
            "https://github.com/PagerDuty/developer-docs/blob/main/docs/webhooks/02-Behavior.md",
        )
        .noting("a 4xx but 429 is final"),
    ),
    setup: "Integrations, Generic Webhooks (v3): add the URL, its scope and its events, and copy the \
            signing secret, which is shown once. The test event has the type pagey.ping.",
    ..Provider::BASE
};
