use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "gocardless",
    title: "GoCardless",
    docs: "https://developer.gocardless.com/api-reference/#appendix-webhooks",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("Webhook-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:meta.webhook_id}"),
    headers: &["Origin"],
    bundle: Some(&Bundle {
        items: "events",
        item_id: Some(Template::new("{json:id}")),
        item_type: Some(Template::new("{json:resource_type}.{json:action}")),
    }),
    // Its own status for a token that is not valid.
    refusal_status: 498,
    deadline_seconds: Some(10),
    retries: "up to 8 times with growing pauses (1 min, 2 min, 10 min and so on), on every status but 2xx",
    answers: Some(
        Answers::any_2xx("https://developer.gocardless.com/api-reference/#webhooks-overview")
            .noting("of a wrong signature it wants to hear 498"),
    ),
    setup: "Dashboard, Developers, Create, Webhook endpoint: enter the URL and a name, and copy the secret, or \
            choose one. Sandbox and live have endpoints of their own.",
    ..Provider::BASE
};
