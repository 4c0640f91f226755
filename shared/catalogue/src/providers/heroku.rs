use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "heroku",
    title: "Heroku",
    docs: "https://devcenter.heroku.com/articles/app-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("Heroku-Webhook-Hmac-SHA256"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhook_metadata.event.id|id}"),
    event_type: Some(Template::new("{json:resource}.{json:action}")),
    retries: "with level `sync` until success, for 72 h at most; with level `notify` never",
    answers: Some(Answers::any_2xx(
        "https://devcenter.heroku.com/articles/app-webhooks",
    )),
    setup: "heroku webhooks:add -a APP -u URL -i api:release -l sync -s SECRET, with a secret of your \
            own choice; without -s, Heroku makes one and shows it once.",
    ..Provider::BASE
};
