use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "doppler",
    title: "Doppler",
    docs: "https://docs.doppler.com/docs/webhooks",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Doppler-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: JSON_TYPE,
    reference: Some(&("config", Template::new("{json:config.name}"))),
    setup: "Project, Webhooks: add one with the URL, the configs, and a signing secret of your own choice. \
            Without it nothing is signed. Leave the payload empty to get the default one.",
    ..Provider::BASE
};
