use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "squarespace",
    title: "Squarespace",
    docs: "https://developers.squarespace.com/webhooks/verifying-notifications",
    checked: "2026-11-29",
    schemes: &[Scheme {
        key: KeyForm::Hex,
        signature: Field::header("Squarespace-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:topic}")),
    reference: Some(&("website_id", Template::new("{json:websiteId}"))),
    retry_hours: 48,
    retries: "several times for up to 48 h; after several failures the subscription may be deleted",
    answers: Some(Answers::any_2xx(
        "https://developers.squarespace.com/commerce-apis/webhooks/notification-delivery",
    )),
    setup: "Create a subscription with `POST /1.0/webhook_subscriptions`, this URL as `endpointUrl` and \
            an OAuth token of the site. The answer holds `secret`, as hexadecimal digits.",
    ..Provider::BASE
};
