use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "checkr",
    title: "Checkr",
    docs: "https://docs.checkr.com/#section/Webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries],
    // The provider's own examples: https://github.com/checkr/webhook-verification-examples
    schemes: &[Scheme {
        signature: Field::header("X-Checkr-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    answers: Some(Answers::any_2xx("https://docs.checkr.com/apis/webhooks")),
    setup: "Account settings, Developer settings: add the URL as a webhook. The secret is the API key \
            of the same account and environment.",
    ..Provider::BASE
};
