use super::prelude::*;

const GROUPS: Field = Field::header("Persona-Signature").grouped(' ').split(',');

pub(super) const PROVIDER: Provider = Provider {
    name: "persona",
    title: "Persona",
    docs: "https://docs.withpersona.com/webhooks-best-practices",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Retries],
    note: "while a secret is rotated there, keep both here: each signs in a group of its own, time and signature",
    schemes: &[Scheme {
        signature: GROUPS.after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: GROUPS.after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:data.id}"),
    event_type: Some(Template::new("{json:data.attributes.name}")),
    reference: Some(&(
        "resource_id",
        Template::new("{json:data.attributes.payload.data.id}"),
    )),
    deadline_seconds: Some(5),
    retries: "with growing pauses, on every status but 200, 201, 202 and 204",
    answers: Some(Answers::only(
        &[(200, 202), (204, 204)],
        "https://docs.withpersona.com/webhooks-best-practices",
    )),
    setup: "Dashboard, Webhooks: add the URL and its events, and copy the webhook's secret, which \
            begins with `wbhsec_` and is used as text.",
    max_body: BodyLimit::kib(1024, SEVERAL_MESSAGES.why),
    ..Provider::BASE
};
