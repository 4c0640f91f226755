use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "paypal",
    title: "PayPal",
    docs: "https://developer.paypal.com/api/rest/webhooks/rest/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance],
    note: "mock events of the simulator are signed for the webhook id `WEBHOOK_ID`",
    schemes: &[Scheme {
        algorithm: Algorithm::RsaPkcs1Sha256,
        key: PUBLIC_KEY,
        signature: Field::header("PAYPAL-TRANSMISSION-SIG"),
        encoding: Encoding::Base64,
        named: &[(Field::header("PAYPAL-AUTH-ALGO"), "SHA256withRSA")],
        message: Template::new(
            "{header:PAYPAL-TRANSMISSION-ID}|{timestamp}|{setting:webhook_id}|{crc32}",
        ),
        timestamp: Some(Timestamp {
            field: Field::header("PAYPAL-TRANSMISSION-TIME"),
            unit: Unit::Iso,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    keys: &KeyOrigin::Named {
        place: Place::Header("PAYPAL-CERT-URL"),
        hosts: &["api.paypal.com"],
        sandbox: &["api.sandbox.paypal.com"],
        path: "/v1/notifications/certs/CERT-{id}",
        // As PayPal's own SDK for Java has it.
        names: &[
            "messageverificationcerts.paypal.com",
            "messageverificationcerts.sandbox.paypal.com",
        ],
    },
    settings: &[Setting {
        name: "webhook_id",
        help: "the webhook's id, beside its URL under the app's webhooks",
        example: "1JE4291016473214C",
    }],
    identity: Identity::id("{json:id}").or_unique("the id of the transmission is signed"),
    event_type: Some(Template::new("{json:event_type}")),
    reference: Some(&("resource", Template::new("{json:resource.id}"))),
    headers: &["PAYPAL-TRANSMISSION-ID", "PAYPAL-TRANSMISSION-TIME"],
    unsigned: "the body, but for its CRC-32, which other bodies have, too: ask the API for what matters",
    retry_hours: 72,
    retries: "up to 25 times over three days, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://developer.paypal.com/api/rest/webhooks/rest/",
    )),
    setup: "Developer Dashboard, your app, Webhooks: add the URL, choose events, and note the webhook's id.",
    ..Provider::BASE
};
