use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "fingerprint",
    title: "Fingerprint",
    docs: "https://dev.fingerprint.com/docs/webhooks-security",
    checked: "2026-11-30",
    read: "fingerprintjs/python-sdk at 311f30626b8b: its tests' deliveries",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("fpjs-event-signature")
            .split(',')
            .after(&["v1="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id|requestId}"),
    setup: "Dashboard, Webhooks: add the URL and turn on encryption of the signature, which shows a key: the \
            secret.",
    ..Provider::BASE
};
