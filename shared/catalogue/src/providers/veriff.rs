use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "veriff",
    title: "Veriff",
    docs: "https://devdocs.veriff.com/docs/hmac-authentication-and-endpoint-security",
    checked: "2026-11-30",
    read: "its page, in part",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "that the digest is written in hex is assumed from how requests to Veriff are signed",
    schemes: &[Scheme {
        signature: Field::header("x-hmac-signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:action|status}")),
    headers: &["x-auth-client"],
    setup: "Station, Integrations, Settings: enter the URLs for events and decisions. The secret is the \
            integration's shared secret key.",
    ..Provider::BASE
};
