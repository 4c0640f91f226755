use super::prelude::*;

const fn by(version: &'static str, algorithm: Algorithm) -> Scheme {
    Scheme {
        version,
        algorithm,
        key: PUBLIC_KEY,
        ..HTTP_MESSAGE
    }
}

pub(super) const PROVIDER: Provider = Provider {
    name: "http-message-signatures",
    title: "HTTP Message Signatures by public keys (RFC 9421)",
    docs: "https://www.rfc-editor.org/rfc/rfc9421",
    checked: "2026-11-30",
    read: "RFC 9421, its keys and its examples; RFC 9530 for the digest of the body",
    unconfirmed: &[
        Fact::EventId,
        Fact::EventType,
        Fact::Tolerance,
        Fact::Answer,
    ],
    note: "for whoever signs by the standard: say `event_id` and `event_type` as your sender has them, and a `tolerance` \
           if it sends again what it has signed before. Only a signature over `content-digest` counts. Shared secrets have \
           an entry of their own: a bare public key must never be taken for one",
    schemes: &[
        by("ed25519", Algorithm::Ed25519),
        by("ecdsa-p256-sha256", Algorithm::EcdsaP256Sha256Fixed),
        by("rsa-pss-sha512", Algorithm::RsaPssSha512),
        by("rsa-v1_5-sha256", Algorithm::RsaPkcs1Sha256),
    ],
    side_by_side: "a key is of one algorithm, but for RSA's, of which the source names one under `versions` if it must \
                   not have both; all sign the same text",
    retries: "the sender's choice",
    setup: "The sender hands out its public key, as PEM or JWK. It signs the URL as it calls it: where that \
            isn't how Landfall sees it, say `entered_url`.",
    max_body: DIGEST_FOR_EACH,
    ..Provider::BASE
};
