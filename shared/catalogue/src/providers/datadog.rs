use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "datadog",
    title: "Datadog",
    docs: "https://docs.datadoghq.com/integrations/webhooks/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Answer],
    note: "the body is what you write there: leave `id` and `event_type` in it",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", ""]),
        ..Scheme::TOKEN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:event_type}")),
    unsigned: "everything; the token proves who sent, not what",
    deadline_seconds: Some(15),
    retry_hours: 1,
    retries: "5 times, on 5xx and failed connections",
    source_ips: "`webhooks` of https://ip-ranges.datadoghq.com/",
    setup: "Integrations, Webhooks: add one with the URL, the default payload and, as custom headers, \
            {\"Authorization\": \"Bearer TOKEN\"} with a token of your own choice, which is the secret. \
            Name @webhook-NAME in a monitor's message.",
    ..Provider::BASE
};
