use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "ashby",
    title: "Ashby",
    docs: "https://developers.ashbyhq.com/docs/setting-up-webhooks",
    checked: "2026-11-30",
    read: "its pages on setting up, authenticating and retries",
    unconfirmed: &[Fact::EventId, Fact::EventType],
    schemes: &[Scheme {
        signature: Field::header("Ashby-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:webhookActionId}"),
    event_type: Some(Template::new("{json:action}")),
    reference: Some(&("application", Template::new("{json:data.application.id}"))),
    retry_hours: 3,
    retries: "up to 10 times, after 10, 30, 70 and 150 s and so on, each pause twice as long as the one before; not after \
              401, 403, 404, 405 and 410",
    answers: Some(
        Answers::any_2xx("https://developers.ashbyhq.com/docs/retries")
            .noting("401, 403, 404, 405 and 410 are final"),
    ),
    setup: "Admin, Integrations, Webhooks: create one for each event type with the URL and a secret token of \
            your own choice. Ashby sends a ping at once, and leaves the webhook disabled if that fails. \
            Without a token nothing is signed.",
    ..Provider::BASE
};
