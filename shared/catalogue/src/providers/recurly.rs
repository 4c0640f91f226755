use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "recurly",
    title: "Recurly",
    docs: "https://docs.recurly.com/recurly-subscriptions/docs/signature-verification",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::EventType],
    note: "for endpoints that send JSON; XML is not signed",
    // The header begins with the time. It is no digest, so only the entries behind it can match.
    schemes: &[Scheme {
        signature: Field::header("recurly-signature").split(','),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("recurly-signature").split(','),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:recurly-notification-id}"),
    event_type: Some(Template::new("{json:object_type}.{json:event_type}")),
    deadline_seconds: Some(5),
    retry_hours: 74,
    retries: "up to 10 times over three days, each pause somewhat more than twice the one before, on every status but 2xx",
    source_ips: "listed in the provider's documentation",
    answers: Some(Answers::any_2xx(
        "https://docs.recurly.com/recurly-subscriptions/docs/automatic-retries",
    )),
    setup: "Integrations, Webhooks: configure an endpoint with the URL and the format JSON; its page \
            shows the secret key. While a key is rotated, both sign for 24 h.",
    ..Provider::BASE
};
