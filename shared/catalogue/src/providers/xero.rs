use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "xero",
    title: "Xero",
    docs: "https://developer.xero.com/documentation/guides/webhooks/overview/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("x-xero-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    accepted: Accepted::Fixed(Fixed::EMPTY),
    identity: Identity::unique("every event in the list has its resource, its kind and its time"),
    bundle: Some(&Bundle {
        items: "events",
        item_id: Some(Template::new(
            "{json:tenantId}-{json:resourceId}-{json:eventCategory}-{json:eventType}-{json:eventDateUtc}",
        )),
        item_type: Some(Template::new("{json:eventCategory}.{json:eventType}")),
    }),
    // Some of the deliveries that prove the endpoint are signed wrongly on purpose, and want this.
    refusal_status: 401,
    deadline_seconds: Some(5),
    retry_hours: 24,
    retries: "for 24 h with growing pauses, on every status but 200; then the subscription is disabled",
    answers: Some(
        Answers::only(
            &[(200, 200)],
            "https://developer.xero.com/documentation/guides/webhooks/overview/",
        )
        .noting("the body must be empty; of a wrong signature it wants to hear 401"),
    ),
    setup: "Developer portal, the app, Webhooks: choose the categories, enter the URL, copy the webhook \
            key and send \"intent to receive\": Landfall answers it.",
    ..Provider::BASE
};
