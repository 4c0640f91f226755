use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "notion",
    title: "Notion",
    docs: "https://developers.notion.com/reference/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Notion-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    reference: Some(&("entity", Template::new("{json:entity.id}"))),
    enrolment: Some(&Enrolment::Entered {
        field: "verification_token",
        prefix: "secret_",
    }),
    retry_hours: 24,
    retries: "up to 8 times over about 24 h, with growing pauses",
    setup: "`landfall enrol open SOURCE`; then integration settings, Webhooks, Create a subscription: enter the \
            URL and choose events. Notion sends a verification token to the URL, once and unsigned: it is the \
            secret. `landfall enrol show SOURCE --reveal` prints it, to be pasted there under Verify, and \
            `landfall enrol confirm` makes it the source's. The URL can't be changed afterwards.",
    ..Provider::BASE
};
