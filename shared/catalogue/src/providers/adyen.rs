use super::prelude::*;

const PLATFORM: &str = "HmacSignature";

pub(super) const PROVIDER: Provider = Provider {
    name: "adyen",
    title: "Adyen",
    docs: "https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    note: "Adyen sends again for 30 days: give the source a retention that is longer",
    schemes: &[
        // Platforms, banking and management sign the body in a header.
        Scheme {
            version: "platform",
            key: KeyForm::Hex,
            signature: Field::header(PLATFORM),
            encoding: Encoding::Base64,
            named: &[(Field::header("Protocol"), "HmacSHA256")],
            body: BodyForm::Json,
            ..Scheme::PLAIN
        },
        // Payments carry the signature in the one notification that a delivery has.
        Scheme {
            version: "payments",
            key: KeyForm::Hex,
            signature: Field::json(
                "notificationItems.0.NotificationRequestItem.additionalData.hmacSignature|additionalData.hmacSignature",
            ),
            encoding: Encoding::Base64,
            message: Template::new("{adyen}"),
            unless: Some(&Field::header(PLATFORM)),
            ..Scheme::PLAIN
        },
    ],
    side_by_side: "they are of different products; the one signs a JSON document, the other a line of text that \
                   is none",
    // The other products name no event: a digest of the signed bytes is the id.
    identity: Identity::id(
        "{json:notificationItems.0.NotificationRequestItem.pspReference|pspReference}-\
         {json:notificationItems.0.NotificationRequestItem.eventCode|eventCode}-\
         {json:notificationItems.0.NotificationRequestItem.success|success}",
    ),
    event_type: Some(Template::new(
        "{json:notificationItems.0.NotificationRequestItem.eventCode|eventCode|type}",
    )),
    unsigned: "payments: all but the two references, the merchant's account and reference, amount, currency, \
               event code and success",
    accepted: Accepted::Fixed(Fixed {
        status: 200,
        content_type: "text/plain",
        body: "[accepted]",
    }),
    deadline_seconds: Some(10),
    retry_hours: 720,
    retries: "on every status but 2xx three times within half a minute; then after 2, 5, 10, 15 and 30 min, 1, 2 \
              and 4 h, and every 8 h for up to 30 days; later events wait behind the one that fails",
    answers: Some(Answers::any_2xx(
        "https://docs.adyen.com/development-resources/webhooks/handle-webhook-events",
    )),
    setup: "Customer Area, Developers, Webhooks: add the webhook with the URL, generate an HMAC key and save both. \
            The key is used as hexadecimal digits. Test and live have different keys.",
    max_body: BodyLimit::kib(
        256,
        "of a payment eight fields of the JSON body are read before its signature can be compared",
    ),
    ..Provider::BASE
};
