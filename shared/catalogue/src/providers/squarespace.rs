use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "squarespace",
    title: "Squarespace",
    docs: "https://developers.squarespace.com/webhooks/verifying-notifications",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        key: KeyForm::Hex,
        signature: Field::header("Squarespace-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:topic}")),
    reference: Some(("website_id", Template::new("{json:websiteId}"))),
    setup: "Create a subscription with `POST /1.0/webhook_subscriptions`, this URL as `endpointUrl` and \
            an OAuth token of the site. The answer holds `secret`, as hexadecimal digits.",
    ..Provider::BASE
};
