use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "flutterwave",
    title: "Flutterwave",
    docs: "https://developer.flutterwave.com/docs/webhooks",
    checked: "2026-11-30",
    read: "the WebhookValidator of flutterwave-node-v4; its page, in part",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "examples on its own page compare the header with the secret; that it is HMAC-SHA256 in base64 is \
            taken from libraries for version 4",
    schemes: &[
        Scheme {
            version: "v4",
            signature: Field::header("flutterwave-signature"),
            encoding: Encoding::Base64,
            ..Scheme::PLAIN
        },
        Scheme {
            version: "v3",
            opt_in: true,
            unless: Some(&Field::header("flutterwave-signature")),
            signature: Field::header("verif-hash"),
            ..Scheme::TOKEN
        },
    ],
    identity: Identity::id("{json:webhook_id}"),
    event_type: Some(Template::new("{json:type|event}")),
    unsigned: "in version 3 everything; the token proves who sent, not what",
    setup: "Dashboard, Settings, Webhooks: enter the URL and a secret hash of your own choice. The older \
            version 3 sends the secret hash itself in `verif-hash`: a source of it says `versions = \
            [\"v3\"]`.",
    ..Provider::BASE
};
