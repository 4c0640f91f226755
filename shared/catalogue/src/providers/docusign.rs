use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "docusign",
    title: "DocuSign Connect",
    docs: "https://developers.docusign.com/platform/webhooks/connect/hmac/",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Deadline, Fact::Retries, Fact::Answer],
    // One header for each active key, up to a hundred.
    schemes: &[Scheme {
        signature: Field::header("X-DocuSign-Signature-*"),
        encoding: Encoding::Base64,
        named: &[(Field::header("X-Authorization-Digest"), "HMACSHA256")],
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:data.envelopeId}-{json:event}-{json:generatedDateTime}"),
    event_type: Some(Template::new("{json:event}")),
    deadline_seconds: Some(100),
    retry_hours: 360,
    retries: "on every status but 200, with growing pauses, for up to 15 days",
    setup: "Settings, Connect: add a configuration with the URL and the JSON format, create a Connect key \
            and switch on \"Include HMAC Signature\".",
    ..Provider::BASE
};
