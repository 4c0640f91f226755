use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "notion",
    title: "Notion",
    docs: "https://developers.notion.com/reference/webhooks",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        signature: Field::header("X-Notion-Signature").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    event_id: Some(Template::new("{json:id}")),
    event_type: JSON_TYPE,
    reference: Some(("entity", Template::new("{json:entity.id}"))),
    retry_hours: 24,
    retries: "up to 8 times over about 24 h, with growing pauses",
    setup: "Integration settings, Webhooks, Create a subscription: enter the URL and choose events. Notion sends \
            a verification token to the URL, once and unsigned: it is the secret, and it has to be pasted there \
            under Verify. The URL can't be changed afterwards.",
    ..Provider::BASE
};
