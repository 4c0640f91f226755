use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mollie",
    title: "Mollie",
    docs: "https://docs.mollie.com/reference/webhooks-new",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "for next-gen webhooks; the classic ones, which send only an id as a form, are not signed",
    schemes: &[Scheme {
        signature: Field::header("X-Mollie-Signature")
            .split(',')
            .after(&["sha256=", ""]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    reference: Some(&("entity", Template::new("{json:entityId}"))),
    deadline_seconds: Some(15),
    retry_hours: 26,
    retries: "10 times over 26 h, with growing pauses, on every status but 2xx",
    setup: "Dashboard, Developers, Webhooks, or `POST /v2/webhooks`: enter the URL, choose events, and copy the \
            signing secret, which is shown once.",
    ..Provider::BASE
};
