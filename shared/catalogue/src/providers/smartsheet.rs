use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "smartsheet",
    title: "Smartsheet",
    docs: "https://developers.smartsheet.com/api/smartsheet/guides/webhooks",
    checked: "2026-11-30",
    read: "its pages on webhooks and their verification, in part; independent receivers",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::Bundle,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "header and form of the signature are said by independent receivers alone",
    schemes: &[Scheme {
        signature: Field::header("Smartsheet-Hmac-SHA256"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:nonce}"),
    handshakes: &[Handshake {
        method: Method::Post,
        challenge: Some(Place::Header("Smartsheet-Hook-Challenge")),
        form: Form::Token,
        proof: Proof::Nothing,
        reply: Reply::Json(&[("smartsheetHookResponse", Template::new("{challenge}"))]),
        ..Handshake::SIGNED
    }],
    bundle: Some(&Bundle {
        items: "events",
        item_id: None,
        item_type: Some(Template::new("{json:objectType}.{json:eventType}")),
    }),
    setup: "`POST /webhooks` with the URL as `callbackUrl`, then enable it: Smartsheet asks at once, and again \
            from time to time. The webhook's `sharedSecret` is the secret.",
    ..Provider::BASE
};
