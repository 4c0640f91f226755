use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "deepgram",
    title: "Deepgram",
    docs: "https://developers.deepgram.com/docs/callback",
    checked: "2026-11-30",
    read: "hookdeck/webhook-skills: its pages on Deepgram",
    unconfirmed: &[Fact::Signature, Fact::EventId, Fact::Retries, Fact::Answer],
    note: "its own page wasn't read: that it signs so is said by independent receivers",
    schemes: &[Scheme {
        signature: Field::header("dg-token"),
        ..Scheme::TOKEN
    }],
    identity: Identity::id("{json:metadata.request_id|request_id}"),
    unsigned: "everything; the token proves who sent, not what",
    setup: "Name the URL as `callback` of the request. The secret is the identifier of the API key that makes \
            the request, and no key: who knows it can send anything.",
    ..Provider::BASE
};
