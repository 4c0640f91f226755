use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "finch",
    title: "Finch",
    docs: "https://developer.tryfinch.com/how-finch-works/webhooks",
    checked: "2026-11-30",
    read: "finch-api-python at 446470eee0f5: its tests' deliveries",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        key: KeyForm::Base64 { prefix: "" },
        signature: Field::header("Finch-Signature").split(' ').after(&["v1,"]),
        encoding: Encoding::Base64,
        message: Template::new("{header:Finch-Event-Id}.{timestamp}.{body}"),
        timestamp: Some(seconds_in("Finch-Timestamp")),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:Finch-Event-Id}"),
    event_type: Some(Template::new("{json:event_type}")),
    setup: "Dashboard, Webhooks: add the URL and the events; it shows its secret, which is base64 without a \
            prefix.",
    ..Provider::BASE
};
