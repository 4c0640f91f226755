use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "greenhouse",
    title: "Greenhouse Recruiting",
    docs: "https://developers.greenhouse.io/webhooks.html",
    checked: "2026-11-30",
    read: "grnhse/greenhouse-api-docs at 0c37c31af6bb",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Signature").after(&["sha256 "]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:Greenhouse-Event-ID}"),
    event_type: Some(Template::new("{json:action}")),
    reference: Some(&(
        "application",
        Template::new("{json:payload.application.id}"),
    )),
    setup: "Configure, Dev Center, Webhooks: create one for each event with the URL and a secret key of your \
            own choice. Greenhouse sends a ping at once, and leaves the webhook disabled if that fails.",
    ..Provider::BASE
};
