use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "acuity-scheduling",
    title: "Acuity Scheduling",
    docs: "https://developers.acuityscheduling.com/docs/webhooks",
    checked: "2026-11-30",
    read: "AcuityScheduling/acuity-js at 64297b1a80a5",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Acuity-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{form:action}")),
    reference: Some(&("appointment", Template::new("{form:id}"))),
    setup: "Integrations, API, Webhooks: enter the URL for the events, or create it with the API. The secret \
            is the API key. The body is a form.",
    ..Provider::BASE
};
