use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lago",
    title: "Lago",
    docs: "https://docs.getlago.com/guide/webhooks/message-signature",
    checked: "2026-11-30",
    read: "lago-docs at 502a9e7850b7, lago-python-client",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "of its own servers at api.getlago.com; of one's own say `claims` anew, with its URL as `iss`. The HMAC \
           that it offers beside isn't here: its encoding isn't settled",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("X-Lago-Signature"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            equal: &[
                ("data", Template::new("{body}")),
                ("iss", Template::new("https://api.getlago.com")),
            ],
            ..Claims::NONE
        }),
        named: &[(Field::header("X-Lago-Signature-Algorithm"), "jwt")],
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:X-Lago-Unique-Key}"),
    event_type: Some(Template::new("{json:webhook_type}")),
    setup: "Developers, Webhooks: add one with the URL and the signature JWT. The secret is the public key, which \
            `GET /api/v1/webhooks/public_key` answers in base64.",
    max_body: BodyLimit::kib(
        64,
        "the token, which stands in a header, says the whole body, and is read before its signature is compared",
    ),
    ..Provider::BASE
};
