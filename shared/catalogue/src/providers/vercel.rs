use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "vercel",
    title: "Vercel",
    docs: "https://vercel.com/docs/webhooks/webhooks-api",
    checked: "2026-11-29",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("x-vercel-signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}"),
    event_type: JSON_TYPE,
    deadline_seconds: Some(30),
    retry_hours: 24,
    retries: "for up to 24 h with growing pauses, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://vercel.com/docs/webhooks/webhooks-api#delivery-attempts-and-retries",
    )),
    setup: "Team settings, Webhooks (Pro and Enterprise): add the URL and its events, and copy the \
            secret, which is shown once. Webhooks of an integration are signed with the integration's \
            client secret.",
    ..Provider::BASE
};
