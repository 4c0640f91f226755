use super::prelude::*;

const V3: &str = "X-HubSpot-Signature-v3";

const VERSION: Field = Field::header("X-HubSpot-Signature-Version");

/// SHA-256 of the client secret and the message, for the version that the delivery names.
const CONCATENATED: Scheme = Scheme {
    algorithm: Algorithm::Sha256Concat,
    opt_in: true,
    signature: Field::header("X-HubSpot-Signature"),
    unless: Some(&Field::header(V3)),
    body: BodyForm::Json,
    ..Scheme::PLAIN
};

pub(super) const PROVIDER: Provider = Provider {
    name: "hubspot",
    title: "HubSpot",
    docs: "https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests",
    checked: "2026-11-29",
    note: "versions 1 and 2 sign no time and are no HMAC: a captured delivery can be sent again for ever, \
           with bytes appended to it. HubSpot sends them beside version 3, so that whoever leaves that out \
           could have the older one checked: they count only for a source that names them",
    schemes: &[
        Scheme {
            version: "v3",
            body: BodyForm::Json,
            signature: Field::header(V3),
            encoding: Encoding::Base64,
            message: Template::new("{method}{url}{body}{timestamp}"),
            // The table of "Validate the v3 request signature"; the libraries leave the URL as it is.
            url_forms: &[UrlForm::Decoded(":/?@!$'()*,;")],
            timestamp: Some(Timestamp {
                field: Field::header("X-HubSpot-Request-Timestamp"),
                unit: Unit::Millis,
                tolerance: Tolerance::past(300),
            }),
            ..Scheme::PLAIN
        },
        Scheme {
            version: "v2",
            message: Template::new("{method}{url}{body}"),
            when: Some(&(VERSION, "v2")),
            ..CONCATENATED
        },
        Scheme {
            version: "v1",
            message: Template::new("{body}"),
            when: Some(&(VERSION, "v1")),
            ..CONCATENATED
        },
    ],
    identity: Identity::unique(
        "every event in the list has an id, a subscription, an object and a time",
    ),
    bundle: Some(&Bundle {
        items: "",
        // The provider says that an event's id is not unique, and each try has a number of its own.
        item_id: Some(Template::new(
            "{json:eventId}-{json:subscriptionId}-{json:objectId|fromObjectId}-{json:occurredAt}",
        )),
        item_type: Some(Template::new("{json:subscriptionType}")),
    }),
    deadline_seconds: Some(5),
    retry_hours: 24,
    retries: "up to 10 times over 24 h, on 4xx, 5xx and timeouts",
    answers: Some(
        Answers::any_2xx("https://developers.hubspot.com/docs/api-reference/error-handling")
            .noting("it names 4xx and 5xx as failures, and says nothing of 3xx"),
    ),
    setup: "In the app's settings, Webhooks: enter the URL and create subscriptions. The secret is the app's \
            client secret.",
    max_body: SEVERAL_MESSAGES,
    ..Provider::BASE
};
