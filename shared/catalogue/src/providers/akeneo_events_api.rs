use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "akeneo-events-api",
    title: "Akeneo (Events API)",
    docs: "https://api.akeneo.com/events-documentation/security.html",
    checked: "2026-11-30",
    read: "pim-api-docs at 61ef548d3546",
    unconfirmed: &[Fact::Tolerance, Fact::Bundle, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Akeneo-Request-Signature"),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Akeneo-Request-Timestamp"),
            unit: Unit::Seconds,
            tolerance: as_long_as_it_sends(72),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("every event in the list has an id of its own"),
    bundle: Some(&Bundle {
        items: "events",
        item_id: Some(Template::new("{json:event_id}")),
        item_type: Some(Template::new("{json:action}")),
    }),
    setup: "Connect, Connection settings, the connection, Event subscription: enter the URL and activate it. \
            The secret is the connection's.",
    ..Provider::BASE
};
