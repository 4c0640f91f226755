use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "streak",
    title: "Streak",
    docs: "https://streak.readme.io/reference/webhooks",
    checked: "2026-11-30",
    read: "NangoHQ/nango at 2f4c0af671e2, an independent receiver in production",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme {
        signature: Field::header("X-Streak-Webhook-Token"),
        ..Scheme::TOKEN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    unsigned: "everything; the token proves who sent, not what",
    setup: "Create a webhook with the API and the URL. The secret is the token that it is sent with.",
    ..Provider::BASE
};
