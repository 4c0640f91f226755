use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "gitlab",
    title: "GitLab",
    docs: "https://docs.gitlab.com/user/project/integrations/webhooks/",
    checked: "2026-11-29",
    // A signing token begins with `whsec_`; any other secret is the older secret token, sent as it is.
    schemes: &[
        Scheme {
            version: "token",
            signature: Field::header("X-Gitlab-Token"),
            unless: Some(&WEBHOOK_V1.signature),
            ..Scheme::TOKEN
        },
        WEBHOOK_V1,
    ],
    side_by_side: "they have a secret each; where a signature is sent and its secret is known, the token doesn't \
                   count",
    identity: Identity::id("{header:webhook-id|Idempotency-Key|X-Gitlab-Event-UUID}"),
    event_type: Some(Template::new("{header:X-Gitlab-Event}")),
    headers: &["X-Gitlab-Instance", "X-Gitlab-Webhook-UUID"],
    unsigned: "with a secret token: everything; the token proves who sent, not what",
    deadline_seconds: Some(10),
    retry_hours: 48,
    retries: "none by itself; a person or the API sends again, for two days, under the same id; after 4 failures in \
              a row the webhook pauses, a minute at first and up to 24 h, and after 40 it is switched off",
    answers: Some(Answers::only(&[(200, 399)], "https://docs.gitlab.com/user/project/integrations/webhooks/").noting("it names 4xx and 5xx as failures; that a redirect is none is seen in its code (https://gitlab.com/gitlab-org/gitlab/-/blob/master/app/services/web_hook_service.rb)")),
    setup: "Project or group, Settings, Webhooks: add the URL and a secret token of your own choice, or \
            let GitLab make a signing token, which begins with `whsec_`.",
    ..Provider::BASE
};
