use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "truelayer",
    title: "TrueLayer",
    docs: "https://docs.truelayer.com/docs/verify-the-signature-of-a-payment-webhook",
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP521Sha512Fixed,
        key: PUBLIC_KEY,
        signature: Field::header("Tl-Signature"),
        encoding: Encoding::Jws,
        message: Template::new("{truelayer}"),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{json:event_id}")),
    event_type: JSON_TYPE,
    reference: Some(("payment_id", Template::new("{json:payment_id|payout_id}"))),
    headers: &["X-Tl-Webhook-Timestamp"],
    retries: "for 72 h: some at once, then with growing pauses",
    setup: "Console, Payments, Settings: enter the URL as webhook URI. The secret is the JSON of \
            https://webhooks.truelayer.com/.well-known/jwks; for the sandbox, of \
            https://webhooks.truelayer-sandbox.com/.well-known/jwks. Fetch it again when keys change.",
    ..Provider::BASE
};
