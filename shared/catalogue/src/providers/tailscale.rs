use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "tailscale",
    title: "Tailscale",
    docs: "https://tailscale.com/kb/1213/webhooks",
    checked: "2026-11-30",
    read: "tailscale/tailscale at de9ec7ee2562: docs/webhooks/example.go",
    unconfirmed: &[Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("Tailscale-Webhook-Signature")
            .split(',')
            .after(&["v1="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Tailscale-Webhook-Signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Seconds,
            tolerance: Tolerance::past(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    bundle: Some(&Bundle {
        items: "",
        item_id: None,
        item_type: Some(Template::new("{json:type}")),
    }),
    retries: "not published; later events wait behind one that fails",
    setup: "Admin console, Settings, Webhooks: add an endpoint with the URL and the events, and copy its \
            secret (`tskey-webhook-…`), which is used as text.",
    ..Provider::BASE
};
