use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "unit",
    title: "Unit",
    docs: "https://docs.unit.co/webhooks",
    checked: "2026-11-30",
    read: "unit-python-sdk at 0897d34b68ef: its test's delivery",
    unconfirmed: &[Fact::Bundle, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("x-unit-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("every event in the list has an id of its own"),
    bundle: Some(&Bundle {
        items: "data",
        item_id: Some(Template::new("{json:id}")),
        item_type: Some(Template::new("{json:type}")),
    }),
    setup: "Dashboard, Developer, Webhooks: create one with the URL and a token of your own choice, which is \
            the secret.",
    ..Provider::BASE
};
