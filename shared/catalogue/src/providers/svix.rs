use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "svix",
    title: "Svix",
    docs: "https://docs.svix.com/receiving/verifying-payloads/how-manual",
    checked: "2026-11-29",
    schemes: &[SVIX_V1, standard_v1a(SVIX_V1)],
    side_by_side: V1_BESIDE_V1A,
    identity: SVIX_ID,
    event_type: JSON_TYPE,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    answers: Some(Answers::any_2xx("https://docs.svix.com/retries")),
    setup: "The sender's application portal shows the endpoint's `whsec_…` secret.",
    max_body: HASH_FOR_EACH,
    ..Provider::BASE
};
