use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "keygen",
    title: "Keygen",
    docs: "https://keygen.sh/docs/api/webhooks/",
    checked: "2026-11-30",
    read: "keygen-sh/keygen-api at f70c4f4e00bc: its worker for webhooks and what it signs with",
    unconfirmed: &[Fact::Tolerance],
    note: "of its algorithms the one that it signs with unless an endpoint says otherwise; \
           of `ecdsa-p256` and `rsa-sha256` say algorithm and `when` anew. `rsa-pss-sha256` is signed with the longest \
           salt, which our cryptography doesn't verify",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("Keygen-Signature")
            .split(',')
            .after(&["signature=\""]),
        encoding: Encoding::Base64,
        message: Template::new(
            "(request-target): post {path_and_query}\nhost: {host}\ndate: {timestamp}\ndigest: sha-256={body_sha256:base64}",
        ),
        timestamp: Some(Timestamp {
            field: Field::header("Keygen-Date"),
            unit: Unit::HttpDate,
            tolerance: as_long_as_it_sends(72),
        }),
        when: Some(&(
            Field::header("Keygen-Signature")
                .split(',')
                .after(&["algorithm=\""]),
            "ed25519",
        )),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:data.id}"),
    event_type: Some(Template::new("{json:data.attributes.event}")),
    headers: &["Keygen-Version"],
    answers: Some(
        Answers::any_2xx("https://keygen.sh/docs/api/webhooks/")
            .noting("410 and 530 disable the endpoint"),
    ),
    deadline_seconds: Some(15),
    retries: "15 times with growing pauses, in about two days and a half; not after a connection that is refused, or a \
              name that isn't known",
    setup: "Dashboard, Webhooks, or the API: add an endpoint with the URL and the events. The secret is the account's \
            Ed25519 public key, in hex, that Settings shows.",
    ..Provider::BASE
};
