use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "http-message-signatures-hmac",
    title: "HTTP Message Signatures by a shared secret (RFC 9421)",
    docs: "https://www.rfc-editor.org/rfc/rfc9421",
    checked: "2026-11-30",
    read: "RFC 9421, its secret and its examples; RFC 9530 for the digest of the body",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Tolerance,
        Fact::Answer,
    ],
    note: "for whoever signs by the standard: say `event_id` and `event_type` as your sender has them, and a `tolerance` \
           if it sends again what it has signed before. Only a signature over `content-digest` counts",
    schemes: &[Scheme {
        key: KeyForm::Base64 { prefix: "" },
        ..HTTP_MESSAGE
    }],
    retries: "the sender's choice",
    setup: "The sender hands out a shared secret in base64; of one that is used as text say `key = \"text\"` under \
            `[sources.NAME.scheme]`. It signs the URL as it calls it: where that isn't how Landfall sees it, say \
            `entered_url`.",
    max_body: DIGEST_FOR_EACH,
    ..Provider::BASE
};
