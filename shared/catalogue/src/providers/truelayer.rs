use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "truelayer",
    title: "TrueLayer",
    docs: "https://docs.truelayer.com/docs/verify-the-signature-of-a-payment-webhook",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::EcdsaP521Sha512Fixed,
        key: PUBLIC_KEY,
        signature: Field::header("Tl-Signature"),
        encoding: Encoding::Jws,
        message: Template::new("{truelayer}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Tl-Webhook-Timestamp"),
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(72),
        }),
        // <https://github.com/TrueLayer/truelayer-signing/issues/80>: every library of theirs tries both.
        url_forms: &[UrlForm::AnySlash],
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Published {
        url: "https://webhooks.truelayer.com/.well-known/jwks",
    },
    identity: Identity::id("{json:event_id}"),
    event_type: JSON_TYPE,
    reference: Some(&("payment_id", Template::new("{json:payment_id|payout_id}"))),
    headers: &["X-Tl-Webhook-Timestamp"],
    retries: "for 72 h: some at once, then with growing pauses",
    setup: "Console, Payments, Settings: enter the URL as webhook URI. For the sandbox write \
            `keys = { url = \"https://webhooks.truelayer-sandbox.com/.well-known/jwks\" }`.",
    max_body: BodyLimit::kib(1024, SEVERAL_MESSAGES.why),
    ..Provider::BASE
};
