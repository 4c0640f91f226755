use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ebay",
    title: "eBay",
    docs: "https://developer.ebay.com/marketplace-account-deletion",
    checked: "2026-11-30",
    read: "event-notification-nodejs-sdk at feaf3378ca26: its code, and its tests' messages; the page on getPublicKey",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha1,
        key: PUBLIC_KEY,
        signature: Field::header("X-EBAY-SIGNATURE>signature"),
        encoding: Encoding::Base64,
        named: &[(Field::header("X-EBAY-SIGNATURE>digest"), "SHA1")],
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Asked(Asked {
        id: Place::Header("X-EBAY-SIGNATURE>kid"),
        url: "https://api.ebay.com/commerce/notification/v1/public_key/{id}",
        sandbox: "https://api.sandbox.ebay.com/commerce/notification/v1/public_key/{id}",
        answer: "key",
        shows: Shows::ClientToken {
            url: "https://api.ebay.com/identity/v1/oauth2/token",
            sandbox: "https://api.sandbox.ebay.com/identity/v1/oauth2/token",
            scope: "https://api.ebay.com/oauth/api_scope",
        },
    }),
    identity: Identity::id("{json:notification.notificationId}"),
    event_type: Some(Template::new("{json:metadata.topic}")),
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challenge_code")),
        form: Form::Token,
        reply: Reply::Json(&[("challengeResponse", Template::new("{digest:hex}"))]),
        ..Handshake::OPEN
    }],
    refusal_status: 412,
    setup: "Store `APP_ID:CERT_ID` of the application's keyset as the secret: ingest gets a token with it, and with that \
            the public key that a delivery names, in `live` from production and elsewhere from the sandbox. Choose a \
            verification token of 32 to 80 letters, digits, `_` and `-`, and store it as the source's verify token. Then \
            enter it and the URL under Alerts and Notifications of the application: eBay asks at once.",
    ..Provider::BASE
};
