use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "self",
    title: "Self",
    docs: "https://docs.self.xyz/docs/self-enterprise/webhooks/signature-verification/",
    checked: "2026-11-29",
    schemes: &[SVIX_V1],
    // The provider's own rule: a verification may complete once per type.
    identity: Identity::id("{json:verification_id}-{json:type}"),
    event_type: JSON_TYPE,
    reference: Some(&("verification_id", Template::new("{json:verification_id}"))),
    headers: &["svix-id", "svix-replay"],
    retry_hours: 96,
    retries: "exponential, for up to several days, on 408, 429, 5xx and timeouts; every other 4xx is final",
    answers: Some(
        Answers::any_2xx(
            "https://docs.self.xyz/docs/self-enterprise/webhooks/signature-verification/",
        )
        .noting("a 4xx but 408 and 429 is final"),
    ),
    setup: "Dashboard, Webhooks: add one endpoint for test and one for live; each shows its \
            `whsec_…` secret once.",
    ..Provider::BASE
};
