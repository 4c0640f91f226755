use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "braintree",
    title: "Braintree",
    docs: "https://developer.paypal.com/braintree/docs/guides/webhooks/parse",
    checked: "2026-11-29",
    note: "the event is XML in base64, so its kind is not known before a handler reads it",
    // There is a signature for each pair of API keys that is active, behind the public key. As in the
    // provider's libraries only the signature behind one's own counts.
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        key: KeyForm::Sha1,
        signature: Field::form("bt_signature")
            .split('&')
            .after(&["{setting:public_key}|"]),
        message: Template::new("{braintree}"),
        ..Scheme::PLAIN
    }],
    settings: &[Setting {
        name: "public_key",
        help: "the public key of the API key whose private key is the secret: signatures behind another one don't count",
        example: "integration_public_key",
    }],
    // The payload has a time in whole seconds, and no id.
    identity: Identity::EVERY_DELIVERY,
    handshakes: &[Handshake {
        challenge: Some(Place::Query("bt_challenge")),
        form: Form::Hex(20, 32),
        reply: Reply::Text(Template::new("{setting:public_key}|{hmac:hex}")),
        ..Handshake::OPEN_HMAC
    }],
    deadline_seconds: Some(30),
    retry_hours: 24,
    retries: "hourly, for up to 24 h in production and 3 h in the sandbox, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://developer.paypal.com/braintree/docs/guides/webhooks/parse",
    )),
    setup: "Control Panel, API, Webhooks: create a webhook with the URL and choose what is to be sent. The secret is \
            the private key of an API key pair of that account. Sandbox and production have pairs of their own.",
    max_body: READ_BEFORE,
    ..Provider::BASE
};
