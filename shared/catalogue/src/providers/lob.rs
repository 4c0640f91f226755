use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "lob",
    title: "Lob",
    docs: "https://docs.lob.com/#tag/Webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Lob-Signature"),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Lob-Signature-Timestamp"),
            // No document says which.
            unit: Unit::SecondsOrMillis,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event_type.id}")),
    reference: Some(&("resource", Template::new("{json:body.id}"))),
    setup: "Dashboard, Webhooks: create one with the URL and the events, for test or for live; its \
            page shows the secret.",
    ..Provider::BASE
};
