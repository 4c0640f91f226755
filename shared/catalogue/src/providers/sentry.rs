use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sentry",
    title: "Sentry",
    docs: "https://docs.sentry.io/integrations/integration-platform/webhooks/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("Sentry-Hook-Signature"),
        ..Scheme::PLAIN
    }],
    // `Request-ID` is drawn anew for every attempt, and bodies of two resources may be equal.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{header:Sentry-Hook-Resource}.{json:action}")),
    reference: Some(&("installation", Template::new("{json:installation.uuid}"))),
    headers: &["Request-ID", "Sentry-Hook-Timestamp"],
    deadline_seconds: Some(1),
    retries: "not published; after 1,000 timeouts within 24 h the webhook gets no more events",
    source_ips: "https://docs.sentry.io/security-legal-pii/security/ip-ranges/",
    answers: Some(Answers::only(
        &[(200, 399)],
        "https://github.com/getsentry/sentry/blob/master/src/sentry/utils/sentry_apps/webhooks.py",
    )),
    setup: "Settings, Developer Settings: create an internal integration with the URL as webhook URL \
            and the resources that you want. The secret is its client secret.",
    ..Provider::BASE
};
