use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "onfido",
    title: "Onfido",
    docs: "https://documentation.onfido.com/api/latest/#webhooks",
    checked: "2026-11-30",
    read: "onfido-python at 04baf27433ba: its tests' deliveries; the guide on verifying webhook signatures",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-SHA2-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id(
        "{json:payload.action}-{json:payload.object.id}-{json:payload.object.completed_at_iso8601}",
    ),
    event_type: Some(Template::new("{json:payload.action}")),
    reference: Some(&("object", Template::new("{json:payload.object.id}"))),
    setup: "Dashboard, Settings, Webhooks, or the API: create one with the URL and the events; the answer has \
            its token, which is the secret.",
    ..Provider::BASE
};
