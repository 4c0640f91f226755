use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lob",
    title: "Lob",
    docs: "https://docs.lob.com/#tag/Webhooks",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    // No document says in which unit the time is: it is signed, not checked.
    schemes: &[Scheme {
        signature: Field::header("Lob-Signature"),
        message: Template::new("{header:Lob-Signature-Timestamp}.{body}"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event_type.id}")),
    reference: Some(("resource", Template::new("{json:body.id}"))),
    setup: "Dashboard, Webhooks: create one with the URL and the events, for test or for live; its \
            page shows the secret.",
    ..Provider::BASE
};
