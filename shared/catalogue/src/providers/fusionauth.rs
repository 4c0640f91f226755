use super::prelude::*;

const fn signed(version: &'static str, algorithm: Algorithm, key: KeyForm) -> Scheme {
    Scheme {
        version,
        algorithm,
        key,
        signature: Field::header("X-FusionAuth-Signature-JWT"),
        encoding: Encoding::Jws,
        message: Template::new("{jws}"),
        claims: Some(&Claims {
            body_digest: Some(("request_body_sha256", Encoding::Base64)),
            ..Claims::NONE
        }),
        ..Scheme::PLAIN
    }
}

pub(super) const PROVIDER: Provider = Provider {
    name: "fusionauth",
    title: "FusionAuth",
    docs: "https://fusionauth.io/docs/extend/events-and-webhooks/signing",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Deadline],
    note: "sign with an RSA key (RS256) or an HMAC key (HS256, HS384, HS512); a source with a scheme of its own can \
           take any other",
    schemes: &[
        signed("rs256", Algorithm::RsaPkcs1Sha256, PUBLIC_KEY),
        signed("hs256", Algorithm::HmacSha256, KeyForm::Text),
        signed("hs384", Algorithm::HmacSha384, KeyForm::Text),
        signed("hs512", Algorithm::HmacSha512, KeyForm::Text),
    ],
    side_by_side: "the key that is made over there chooses; a token names its algorithm, and one's signature doesn't \
                   pass as another's",
    identity: Identity::id("{json:event.id}"),
    event_type: Some(Template::new("{json:event.type}")),
    deadline_seconds: Some(2),
    retry_hours: 1,
    retries: "none; where the event is transactional, FusionAuth undoes what it was about to do",
    answers: Some(Answers::any_2xx(
        "https://fusionauth.io/docs/extend/events-and-webhooks/writing-a-webhook",
    )),
    setup: "Settings, Key Master: generate an RSA key pair, or an HMAC key. Settings, Webhooks: add the URL, and \
            under Security switch on signing with that key. The secret is the public key in PEM, or the HMAC \
            key's secret as text; of an RSA key none is needed with `keys = { url = \"https://YOUR-SERVER/.well-known/jwks.json\" }`.",
    ..Provider::BASE
};
