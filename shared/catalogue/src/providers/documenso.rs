use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "documenso",
    title: "Documenso",
    docs: "https://docs.documenso.com/developers/webhooks",
    checked: "2026-11-30",
    read: "documenso: the docs in it, at 75330166cc00",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Documenso-Secret"),
        ..Scheme::TOKEN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("document", Template::new("{json:payload.id}"))),
    unsigned: "everything; the token proves who sent, not what",
    setup: "Settings, Webhooks: create one with the URL, the events and a secret of your own choice.",
    ..Provider::BASE
};
