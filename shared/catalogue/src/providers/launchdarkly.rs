use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "launchdarkly",
    title: "LaunchDarkly",
    docs: "https://launchdarkly.com/docs/api/webhooks",
    checked: "2026-11-30",
    read: "its page, and that on integrations",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-LD-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:_id}"),
    event_type: Some(Template::new("{json:kind}")),
    setup: "Integrations, Webhooks: add one with the URL, tick \"Sign this webhook\", and copy the secret, or \
            enter one of your own choice. Without it nothing is signed.",
    ..Provider::BASE
};
