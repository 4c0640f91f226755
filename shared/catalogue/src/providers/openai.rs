use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "openai",
    title: "OpenAI",
    docs: "https://platform.openai.com/docs/guides/webhooks",
    checked: "2026-11-29",
    // As the provider's own libraries do: without `whsec_` the secret is text.
    schemes: &[
        Scheme {
            version: "v1-text",
            key: KeyForm::Text,
            ..WEBHOOK_V1
        },
        WEBHOOK_V1,
    ],
    side_by_side: "they are one scheme for two ways to write the secret",
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    retry_hours: 72,
    retries: "for up to 72 h with growing pauses, on every status but 2xx",
    answers: Some(Answers::any_2xx(
        "https://platform.openai.com/docs/guides/webhooks",
    )),
    setup: "Project settings, Webhooks: create the endpoint with the URL and its events, and copy the \
            signing secret, which begins with `whsec_` and is shown once.",
    ..Provider::BASE
};
