use super::prelude::*;

const HEADER: Field = Field::header("X-Hook0-Signature").split(',');

const TIME: Option<Timestamp> = Some(Timestamp {
    field: HEADER.after(&["t="]),
    unit: Unit::Seconds,
    tolerance: Tolerance::both(300),
});

/// Version 1 covers headers, too. Both may stand in one header, from which anyone can take version 1 away.
pub(super) const SCHEMES: &[Scheme] = &[
    Scheme {
        version: "v1",
        signature: HEADER.after(&["v1="]),
        message: Template::new("{hook0}{body}"),
        timestamp: TIME,
        ..Scheme::PLAIN
    },
    Scheme {
        version: "v0",
        opt_in: true,
        signature: HEADER.after(&["v0="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: TIME,
        unless: Some(&HEADER.after(&["v1="])),
        body: BodyForm::Json,
        ..Scheme::PLAIN
    },
];

const RETRIES: &str = "after 3 s, 10 s, 3 min, 30 min, 1, 3 and 5 h, then every 10 h, up to 24 times within \
                                  8 days, on every status but 2xx";

pub(super) const PROVIDER: Provider = Provider {
    name: "hook0",
    title: "Hook0",
    docs: "https://documentation.hook0.com/tutorials/webhook-authentication",
    checked: "2026-11-29",
    schemes: SCHEMES,
    identity: Identity::id("{header:X-Event-Id}"),
    event_type: Some(Template::new("{header:X-Event-Type}")),
    deadline_seconds: Some(15),
    retry_hours: 192,
    retries: RETRIES,
    answers: Some(Answers::any_2xx(
        "https://documentation.hook0.com/concepts/request-attempts",
    )),
    setup: "Create a subscription with the URL as its target, in the dashboard or with the API. The subscription \
            shows its secret, a UUID that is used as text.",
    ..Provider::BASE
};
