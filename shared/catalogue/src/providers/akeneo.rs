use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "akeneo",
    title: "Akeneo (Event Platform)",
    docs: "https://api.akeneo.com/event-platform/overview.html",
    checked: "2026-11-30",
    read: "pim-api-docs at 61ef548d3546",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-AKENEO-SIGNATURE-PRIMARY"),
        named: &[(Field::header("X-AKENEO-SIGNATURE-ALGORITHM"), "HmacSHA256")],
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    setup: "Create a subscription of the type https with the API, with the URL and a primary secret of your \
            own choice. The signature by the secondary secret isn't looked at: set the new one here first, \
            then there.",
    ..Provider::BASE
};
