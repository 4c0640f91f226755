use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "meraki",
    title: "Cisco Meraki",
    docs: "https://developer.cisco.com/meraki/webhooks/",
    checked: "2026-11-30",
    read: "hookdeck's list of sources",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme {
        signature: Field::json("sharedSecret"),
        ..Scheme::TOKEN
    }],
    identity: Identity::id("{json:alertId}"),
    event_type: Some(Template::new("{json:alertTypeId}")),
    unsigned: "everything; the token proves who sent, not what",
    setup: "Network-wide, Alerts, Webhooks: add an HTTP server with the URL and a shared secret of your own \
            choice, which each alert has in its body.",
    max_body: READ_BEFORE,
    ..Provider::BASE
};
