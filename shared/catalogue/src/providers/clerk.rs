use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "clerk",
    title: "Clerk",
    docs: "https://clerk.com/docs/guides/development/webhooks/overview",
    checked: "2026-11-29",
    schemes: &[SVIX_V1],
    identity: SVIX_ID,
    event_type: JSON_TYPE,
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    source_ips: "Svix's: https://docs.svix.com/webhook-ips.json",
    answers: Some(Answers::any_2xx("https://docs.svix.com/retries")),
    setup: "Dashboard, Configure, Webhooks: add the endpoint and the events, and copy its signing \
            secret, which begins with `whsec_`. Every instance has endpoints of its own.",
    ..Provider::BASE
};
