use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "travis-ci",
    title: "Travis CI",
    docs: "https://docs.travis-ci.com/user/notifications/#verifying-webhook-requests",
    checked: "2026-11-30",
    read: "docs-travis-ci-com at 224f072eb7fc",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha1,
        key: PUBLIC_KEY,
        signature: Field::header("Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{form:payload}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("the payload has its build's number, state and times"),
    headers: &["Travis-Repo-Slug"],
    unsigned: "what stands beside the form field `payload`, which is all that handlers need",
    payload_field: Some("payload"),
    setup: "Name the URL under `notifications: webhooks:` in `.travis.yml`. The secret is the public key, a \
            PEM, that https://api.travis-ci.com/config has under `config.notifications.webhook.public_key`.",
    max_body: BodyLimit::kib(
        512,
        "the field that is signed is read out of a form before a signature can be compared",
    ),
    ..Provider::BASE
};
