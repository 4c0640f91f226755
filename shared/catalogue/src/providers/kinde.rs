use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "kinde",
    title: "Kinde",
    docs: "https://docs.kinde.com/integrate/webhooks/about-webhooks",
    checked: "2026-11-30",
    read: "kinde-oss/documentation at 1559acecdaf6; kinde-oss/webhook at 70897bd12828 and kinde-oss/jwt-validator at \
           e6166dcbea62",
    unconfirmed: &[Fact::Tolerance],
    note: "its users' tokens are signed with the same keys: what they haven't tells a webhook, `event_id`, `type` and \
           a `timestamp`. Add no claims of these three names to a token of yours",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::jwt(),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        timestamp: Some(Timestamp {
            field: Field {
                place: Place::Jwt("timestamp"),
                ..Field::jwt()
            },
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(36),
        }),
        claims: Some(&Claims {
            required: &["event_id", "type"],
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://{setting:domain}/.well-known/jwks",
    },
    settings: &[Setting {
        name: "domain",
        help: "the domain of the environment at Kinde, without `https://`",
        example: "example.kinde.com",
    }],
    identity: Identity::id("{jwt:event_id}"),
    event_type: Some(Template::new("{jwt:type}")),
    headers: &["webhook-id"],
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://docs.kinde.com/integrate/webhooks/about-webhooks",
    )),
    retry_hours: 36,
    retries: "at once, after 5 s, 30 s, 2 min, 10 min, 1 h and 4 h, then every 12 h until 36 h; the webhook is disabled \
              after 72 hours of failures",
    setup: "Settings, Environment, Webhooks: add one with the URL and the events. There is no secret: the keys are \
            fetched.",
    max_body: BodyLimit::kib(
        256,
        "the body is a token, which is decoded and read before its signature is compared",
    ),
    ..Provider::BASE
};
