use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "trello",
    title: "Trello",
    docs: "https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-Trello-Webhook"),
        encoding: Encoding::Base64,
        body: BodyForm::Json,
        message: Template::new("{body}{url}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:action.id}"),
    event_type: Some(Template::new("{json:action.type}")),
    reference: Some(&("model_id", Template::new("{json:model.id}"))),
    handshakes: &[Handshake::HEAD],
    retry_hours: 1,
    retries: "3 times, after 30, 60 and 120 s; 410 deletes the webhook",
    setup: "POST to https://api.trello.com/1/webhooks with the URL as callbackURL and the board or card \
            as idModel. The secret is the OAuth secret under the Power-Up's API key.",
    ..Provider::BASE
};
