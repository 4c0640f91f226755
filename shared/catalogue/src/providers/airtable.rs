use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "airtable",
    title: "Airtable",
    docs: "https://airtable.com/developers/web/api/webhooks-overview",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries],
    note: "a notification says that a base has changed, not how: the handler fetches the webhook's payloads; \
           a webhook ends after seven days if it is not refreshed",
    schemes: &[Scheme {
        key: KeyForm::Base64 { prefix: "" },
        signature: Field::header("X-Airtable-Content-MAC").after(&["hmac-sha256="]),
        ..Scheme::PLAIN
    }],
    // A notification says when it was sent, and not that another can't have been sent then.
    identity: Identity::EVERY_DELIVERY,
    reference: Some(&("webhook_id", Template::new("{json:webhook.id}"))),
    retries: "with growing pauses; a webhook that goes on failing is turned off",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    answers: Some(
        Answers::only(
            &[(200, 200), (204, 204)],
            "https://airtable.com/developers/web/api/webhooks-overview",
        )
        .noting("the body must be empty"),
    ),
    setup: "Create the webhook with `POST /v0/bases/BASE/webhooks` and this URL as \
            `notificationUrl`. The answer holds `macSecretBase64`, once: that text is the secret.",
    ..Provider::BASE
};
