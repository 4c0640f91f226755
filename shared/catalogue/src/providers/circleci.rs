use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "circleci",
    title: "CircleCI",
    docs: "https://circleci.com/docs/guides/integration/outbound-webhooks/",
    checked: "2026-11-29",
    // Only the newest version that a receiver knows counts, and there is one so far.
    schemes: &[Scheme {
        signature: Field::header("circleci-signature")
            .split(',')
            .after(&["v1="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    headers: &["circleci-event-type"],
    deadline_seconds: Some(10),
    retries: "on every status but 2xx; the schedule is not published",
    answers: Some(Answers::any_2xx(
        "https://circleci.com/docs/guides/integration/outbound-webhooks/",
    )),
    setup: "Project settings, Webhooks: add the URL, a secret token of your own choice and the events.",
    ..Provider::BASE
};
