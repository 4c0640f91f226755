use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "wise",
    title: "Wise",
    docs: "https://docs.wise.com/features/webhooks-notifications/event-handling",
    checked: "2026-11-29",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Signature-SHA256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Delivery-Id}"),
    event_type: Some(Template::new("{json:event_type}")),
    headers: &["X-Test-Notification"],
    deadline_seconds: Some(5),
    retry_hours: 336,
    retries: "up to 25 times over two weeks, with growing pauses, on every status but 2xx; statuses that rarely change, as 400, three times at most",
    answers: Some(Answers::any_2xx(
        "https://docs.wise.com/features/webhooks-notifications/event-handling",
    )),
    setup: "Settings, Developer tools, Webhooks, or the API: add the URL and the events; Wise sends a \
            test notification at once. The secret is the public key that the page above publishes, \
            another for the sandbox than for production.",
    ..Provider::BASE
};
