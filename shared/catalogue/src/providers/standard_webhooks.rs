use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "standard-webhooks",
    title: "Standard Webhooks",
    docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
    checked: "2026-11-29",
    schemes: &[WEBHOOK_V1, standard_v1a(WEBHOOK_V1)],
    side_by_side: V1_BESIDE_V1A,
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    deadline_seconds: Some(15),
    retry_hours: 96,
    retries: "the sender's choice; the specification's example runs to 24 h",
    answers: Some(Answers::any_2xx("https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md").noting("410 may end the subscription")),
    setup: "The sender hands out a `whsec_…` secret, or a `whpk_…` public key.",
    max_body: HASH_FOR_EACH,
    ..Provider::BASE
};
