use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "attio",
    title: "Attio",
    docs: "https://docs.attio.com/rest-api/how-to/webhooks",
    checked: "2026-11-30",
    read: "its page; NangoHQ/nango at 2f4c0af671e2, an independent receiver in production",
    unconfirmed: &[Fact::Bundle],
    schemes: &[Scheme {
        signature: Field::header("Attio-Signature|X-Attio-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:Idempotency-Key}"),
    bundle: Some(&Bundle {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:event_type}")),
    }),
    retries: "up to 10 times within about three days with growing pauses; then the webhook counts as degraded",
    answers: Some(Answers::only(
        &[(200, 200), (202, 202)],
        "https://docs.attio.com/rest-api/how-to/webhooks",
    )),
    setup: "Developer settings, the integration, Webhooks, or `POST /v2/webhooks`: the URL and the events; it \
            shows its secret.",
    ..Provider::BASE
};
