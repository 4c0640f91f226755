use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "acme",
    title: "Acme",
    docs: "https://acme.example/webhooks",
    checked: "2026-11-30",
    read: "",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::EventType,
        Fact::Deadline,
        Fact::Retries,
        Fact::Answer,
        Fact::Tolerance,
    ],
    note: "nothing of this entry has been read at the provider yet",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        key: KeyForm::Hex,
        signature: Field::header("X-Acme-Signature").split(',').after(&["v1="]),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("X-Acme-Time"),
            unit: Unit::Millis,
            tolerance: Tolerance::both(300),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: Some(Template::new("{json:type}")),
    setup: "Enter the URL; the secret is shown there.",
    ..Provider::BASE
};
