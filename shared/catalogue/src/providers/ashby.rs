use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ashby",
    title: "Ashby",
    docs: "https://developers.ashbyhq.com/docs/setting-up-webhooks",
    checked: "2026-11-30",
    read: "its page, and that on authenticating webhooks",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Ashby-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhookActionId}"),
    event_type: Some(Template::new("{json:action}")),
    reference: Some(("application", Template::new("{json:data.application.id}"))),
    setup: "Admin, Integrations, Webhooks: create one for each event type with the URL and a secret token of \
            your own choice. Ashby sends a ping at once, and leaves the webhook disabled if that fails. \
            Without a token nothing is signed.",
    ..Provider::BASE
};
