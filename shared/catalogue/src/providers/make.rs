use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "make",
    title: "Make (event subscriptions)",
    docs: "https://developers.make.com/event-subscription/implementation/verify-signatures",
    checked: "2026-11-30",
    read: "its page on verifying signatures",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    note: "the header `Webhook-Topic` isn't signed; whether the envelope has the same is assumed",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    headers: &["Webhook-Topic"],
    setup: "Subscribe in Make with the URL. The subscription's details show its signing secret, `whsec_…`.",
    ..Provider::BASE
};
