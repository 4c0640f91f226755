use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "cal-com",
    title: "Cal.com",
    docs: "https://cal.com/docs/core-features/webhooks",
    checked: "2026-11-30",
    read: "its page",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Cal-Signature-256"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:triggerEvent}-{json:payload.uid}-{json:createdAt}"),
    event_type: Some(Template::new("{json:triggerEvent}")),
    reference: Some(&("booking", Template::new("{json:payload.uid}"))),
    setup: "Settings, Developer, Webhooks: create one with the URL, the triggers and a secret of your own \
            choice. Without it nothing is signed.",
    ..Provider::BASE
};
