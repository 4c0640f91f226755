use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "fathom",
    title: "Fathom",
    docs: "https://developers.fathom.ai/webhooks",
    checked: "2026-11-30",
    read: "its page, and that on the payload",
    unconfirmed: &[Fact::Retries],
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    reference: Some(&("recording", Template::new("{json:recording_id}"))),
    answers: Some(Answers::any_2xx(
        "https://developers.fathom.ai/api-reference/webhook-payloads/new-meeting-content-ready",
    )),
    setup: "User settings, API Access: add a webhook with the URL and what it is to have, or create it with \
            the API; it shows its secret (`whsec_…`).",
    ..Provider::BASE
};
