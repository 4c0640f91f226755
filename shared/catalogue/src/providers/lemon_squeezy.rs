use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lemon-squeezy",
    title: "Lemon Squeezy",
    docs: "https://docs.lemonsqueezy.com/help/webhooks/signing-requests",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    // The body has the time of the last change in whole seconds, and no id.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:meta.event_name}")),
    reference: Some(&("object", Template::new("{json:data.type}-{json:data.id}"))),
    retry_hours: 1,
    retries: "three more times, after 5, 25 and 125 s, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.lemonsqueezy.com/help/webhooks/webhook-requests",
    )),
    setup: "Settings, Webhooks: add the URL, choose events and enter a signing secret of your own choice, of 6 to \
            40 characters.",
    ..Provider::BASE
};
