use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mailgun",
    title: "Mailgun",
    docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
    schemes: &[Scheme {
        signature: Field::json("signature.signature"),
        message: Template::new("{timestamp}{json:signature.token}"),
        timestamp: Some(Timestamp {
            field: Field::json("signature.timestamp"),
            unit: Unit::Seconds,
            // A redelivery keeps the time of the first, and the last comes after eight hours.
            tolerance: Tolerance {
                past: Some(43_200),
                future: Some(300),
            },
        }),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{json:event-data.id}")),
    event_type: Some(Template::new("{json:event-data.event}")),
    unsigned: "the event: only a time and a random token are signed",
    retry_hours: 8,
    retries: "after 5, 10 and 15 min, 1, 2 and 4 h, on every status but 200; the status 406 stops it",
    setup: "Sending, Webhooks: add the URL for each kind of event. The secret is the HTTP webhook signing \
            key under Account settings, API security.",
    ..Provider::BASE
};
