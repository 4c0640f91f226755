use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pleo",
    title: "Pleo",
    docs: "https://developers.pleo.io/docs/webhooks",
    checked: "2026-11-30",
    read: "svix-webhooks at 4fc0cfb8b426, where Svix lists it among the senders that sign by its scheme",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "Svix names it among its senders; its own pages weren't read",
    schemes: &[SVIX_V1],
    identity: SVIX_ID,
    event_type: Some(Template::new("{json:type|event_type|event}")),
    setup: "Create the webhook with the URL and the events that you want; its page, or the answer of the API, \
            shows the signing secret (`whsec_…`).",
    ..Provider::BASE
};
