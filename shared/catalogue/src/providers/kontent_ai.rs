use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "kontent-ai",
    title: "Kontent.ai",
    docs: "https://kontent.ai/learn/docs/webhooks/webhooks/javascript",
    checked: "2026-11-30",
    read: "webhook-helper-js at 7a7a3163c138: its test's delivery",
    unconfirmed: &[Fact::Signature, Fact::Bundle, Fact::Retries, Fact::Answer],
    note: "its helper turns line feeds into carriage return and line feed before it signs: a body that comes \
            with line feeds alone would be refused. Whether one ever does isn't known",
    schemes: &[Scheme {
        signature: Field::header("X-Kontent-ai-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    bundle: Some(&Bundle {
        items: "notifications",
        item_id: None,
        item_type: Some(Template::new(
            "{json:message.object_type}.{json:message.action}",
        )),
    }),
    setup: "Environment settings, Webhooks: create one with the URL and the changes; it shows its secret, \
            which looks like base64 and is used as text.",
    ..Provider::BASE
};
