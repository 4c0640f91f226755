use super::prelude::*;

const DIGEST: Field = Field::header("x-payload-digest");
const ALG: Field = Field::header("x-payload-digest-alg");

pub(super) const PROVIDER: Provider = Provider {
    name: "sumsub",
    title: "Sumsub",
    docs: "https://docs.sumsub.com/docs/webhooks",
    checked: "2026-11-30",
    read: "its page; eight independent receivers, which agree",
    unconfirmed: &[Fact::EventType, Fact::Answer],
    schemes: &[
        Scheme {
            version: "sha256",
            signature: DIGEST,
            named: &[(ALG, "HMAC_SHA256_HEX")],
            ..Scheme::PLAIN
        },
        Scheme {
            version: "sha512",
            algorithm: Algorithm::HmacSha512,
            signature: DIGEST,
            named: &[(ALG, "HMAC_SHA512_HEX")],
            ..Scheme::PLAIN
        },
    ],
    identity: Identity::unique("each has its applicant, its kind and its time to the millisecond"),
    event_type: JSON_TYPE,
    reference: Some(&("applicant", Template::new("{json:applicantId}"))),
    side_by_side: "each is a digest of the same body, and neither is weaker",
    deadline_seconds: Some(5),
    retry_hours: 25,
    retries: "up to 4 times: after 5 min, 1, 5 and 18 h",
    setup: "Dashboard, Dev space, Webhooks: create one with the URL, the types, a secret key of your own \
            choice and, as signature algorithm, HMAC SHA256 or SHA512: SHA1 isn't taken, for the header that \
            would choose it isn't signed.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
