use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "brevo",
    title: "Brevo",
    docs: "https://developers.brevo.com/docs/secured-webhooks",
    checked: "2026-11-30",
    read: "its pages on secure webhook calls and on retries",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Answer],
    note: "by its page on retries a 5xx is final, as a 4xx but for 429 is: what comes while Landfall can't write is lost, \
           and is to be fetched from its API",
    schemes: &[Scheme {
        signature: Field::header("Authorization").after(&["Bearer ", "bearer "]),
        ..Scheme::TOKEN
    }],
    unsigned: "everything; the token proves who sent, not what",
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    retry_hours: 12,
    retries: "four times, after 10 min, 1, 2 and 8 h, where there is no answer and on 429; other 4xx and 5xx are final",
    source_ips: "https://help.brevo.com/hc/en-us/articles/208848409",
    setup: "Create the webhook with the API, with the URL and `auth` of the type `bearer` and a token of your own choice, \
            which is the secret.",
    ..Provider::BASE
};
