use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "google-pubsub",
    title: "Google Cloud Pub/Sub push",
    docs: "https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType],
    note: "the type is an attribute of the message, as Cloud Storage and CloudEvents set it; other \
           publishers may set none",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("Authorization").after(&["Bearer "]),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            expires: Some(60),
            equal: &[
                ("iss", Template::new("https://accounts.google.com")),
                ("aud", Template::new("{setting:audience}")),
                ("email", Template::new("{setting:service_account}")),
                ("email_verified", Template::new("true")),
            ],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://www.googleapis.com/oauth2/v3/certs",
    },
    settings: &[
        Setting {
            name: "audience",
            help: "the audience of the push subscription; the URL, unless another was entered",
            example: "https://example.com/webhooks/google-pubsub",
        },
        Setting {
            name: "service_account",
            help: "the service account that the push subscription authenticates as",
            example: "push@example-project.iam.gserviceaccount.com",
        },
    ],
    identity: Identity::id("{json:message.messageId}"),
    event_type: Some(Template::new(
        "{json:message.attributes.eventType|message.attributes.ce-type}",
    )),
    reference: Some(&("subscription", Template::new("{json:subscription}"))),
    unsigned: "the message: the token proves who sent, not what",
    deadline_seconds: Some(10),
    retry_hours: 744,
    retries: "until 200, 201, 202, 204 or 102, with growing pauses, as long as the subscription \
              retains messages: 7 days by default, at most 31",
    answers: Some(Answers::only(
        &[(102, 102), (200, 202), (204, 204)],
        "https://cloud.google.com/pubsub/docs/push",
    )),
    largest_body_bytes: Some(10_000_000),
    setup: "Create a push subscription with the URL as its endpoint, enable authentication and choose \
            a service account.",
    ..Provider::BASE
};
