use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "vanta",
    title: "Vanta",
    docs: "https://developer.vanta.com/docs/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType],
    schemes: &[SVIX_V1],
    identity: SVIX_ID,
    event_type: JSON_TYPE,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    answers: Some(Answers::any_2xx(
        "https://developer.vanta.com/docs/webhooks",
    )),
    setup: "Settings, Webhooks, Add Endpoint: enter the URL, choose the events, and copy the signing \
            secret (`whsec_…`) from the endpoint's page.",
    ..Provider::BASE
};
