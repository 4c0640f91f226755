use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ebay",
    title: "eBay",
    docs: "https://developer.ebay.com/marketplace-account-deletion",
    checked: "2026-11-30",
    read: "event-notification-nodejs-sdk at feaf3378ca26: its code, and its tests' messages",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "its public key is fetched by the operator, with a token of the application's: the key of the `kid` in the \
           header. When eBay signs by another one, deliveries are refused until that is stored",
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP256Sha1,
        key: PUBLIC_KEY,
        signature: Field::header("X-EBAY-SIGNATURE>signature"),
        encoding: Encoding::Base64,
        named: &[(Field::header("X-EBAY-SIGNATURE>digest"), "SHA1")],
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:notification.notificationId}"),
    event_type: Some(Template::new("{json:metadata.topic}")),
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challenge_code")),
        form: Form::Token,
        reply: Reply::Json(&[("challengeResponse", Template::new("{digest:hex}"))]),
        ..Handshake::OPEN
    }],
    refusal_status: 412,
    setup: "Choose a verification token of 32 to 80 letters, digits, `_` and `-`, and store it as the source's verify \
            token. Then enter it and the URL under Alerts and Notifications of the application: eBay asks at once. The \
            secret is the PEM that `GET /commerce/notification/v1/public_key/{kid}` answers as `key`.",
    ..Provider::BASE
};
