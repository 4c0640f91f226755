use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "checkr",
    title: "Checkr",
    docs: "https://docs.checkr.com/#section/Webhooks",
    unconfirmed: &[Fact::Signature, Fact::Retries],
    note: "the header is documented; that the key is the account's API key was not confirmed",
    schemes: &[Scheme {
        signature: Field::header("X-Checkr-Signature"),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{json:id}")),
    event_type: JSON_TYPE,
    setup: "Account settings, Developer settings: add the URL as a webhook. The secret is the API key \
            of the same account and environment.",
    ..Provider::BASE
};
