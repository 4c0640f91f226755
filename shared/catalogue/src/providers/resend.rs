use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "resend",
    title: "Resend",
    docs: "https://resend.com/docs/webhooks/verify-webhooks-requests",
    checked: "2026-11-29",
    schemes: &[SVIX_V1],
    identity: SVIX_ID,
    event_type: JSON_TYPE,
    reference: Some(&("email_id", Template::new("{json:data.email_id}"))),
    deadline_seconds: Some(15),
    retry_hours: 29,
    retries: SVIX_RETRIES,
    source_ips: "Svix's: https://docs.svix.com/webhook-ips.json",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://resend.com/docs/webhooks/introduction",
    )),
    setup: "Dashboard, Webhooks: add the endpoint and its events, and copy its signing secret, which \
            begins with `whsec_`.",
    ..Provider::BASE
};
