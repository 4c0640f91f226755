use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "supabase",
    title: "Supabase (auth hooks)",
    docs: "https://supabase.com/docs/guides/auth/auth-hooks",
    checked: "2026-11-29",
    note: "for the hooks that send mail and SMS; the other auth hooks wait for a decision in the answer, which \
           Landfall doesn't make, and database webhooks are not signed",
    schemes: &[Scheme {
        key: KeyForm::Base64 {
            prefix: "v1,whsec_",
        },
        ..WEBHOOK_V1
    }],
    identity: WEBHOOK_ID,
    reference: Some(&("user", Template::new("{json:user.id}"))),
    deadline_seconds: Some(5),
    retry_hours: 1,
    retries: "three tries within 5 s, on failed connections, and on 429 and 503 with `Retry-After`",
    accepted: Accepted::Fixed(Fixed {
        status: 200,
        content_type: "application/json",
        body: "{}",
    }),
    answers: Some(
        Answers::only(
            &[(200, 200), (202, 202), (204, 204)],
            "https://supabase.com/docs/guides/auth/auth-hooks",
        )
        .noting("the body is read as JSON: of these hooks an empty object is asked for"),
    ),
    setup: "Authentication, Hooks: add the hook as HTTPS with the URL, and generate its secret. Enter \
            it whole (`v1,whsec_…`).",
    ..Provider::BASE
};
