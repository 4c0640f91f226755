use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "360learning",
    title: "360Learning",
    docs: "https://360learning.readme.io/docs/security-and-signature-verification",
    checked: "2026-11-30",
    read: "its pages on signatures, in part, and on an event's payload and headers",
    unconfirmed: &[
        Fact::Signature,
        Fact::Tolerance,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "header, algorithm and list are its page's; that id and time are signed with the body is assumed from the \
           headers' names, and that the secret is used as text from its example of one, which is no base64",
    schemes: &[Scheme {
        key: KeyForm::Text,
        ..WEBHOOK_V1
    }],
    identity: WEBHOOK_ID,
    event_type: JSON_TYPE,
    setup: "Settings, Webhooks: subscribe to an event with the URL, or use the API. The lock beside the subscription \
            shows its secret.",
    ..Provider::BASE
};
