use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "segment",
    title: "Segment (Actions Webhook)",
    docs: "https://segment.com/docs/connections/destinations/catalog/actions-webhook/",
    checked: "2026-11-30",
    read: "segment-docs: the page of the destination",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:messageId}"),
    event_type: JSON_TYPE,
    setup: "Destinations, Webhooks (Actions): set a shared secret of your own choice, and in the mapping the \
            URL, POST and batch size 1: of a batch only the first event is signed, so that a batch is \
            refused.",
    ..Provider::BASE
};
