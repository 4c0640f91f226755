use super::prelude::*;

const SIGNATURE: Field = Field::header("X-Buildkite-Signature")
    .split(',')
    .after(&["signature="]);

pub(super) const PROVIDER: Provider = Provider {
    name: "buildkite",
    title: "Buildkite",
    docs: "https://buildkite.com/docs/apis/webhooks/pipelines",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Answer],
    // The operator chooses over there which of the two is sent; the secret is the same text.
    schemes: &[
        Scheme {
            version: "signature",
            signature: SIGNATURE,
            message: Template::new("{timestamp}.{body}"),
            timestamp: Some(Timestamp {
                field: Field::header("X-Buildkite-Signature")
                    .split(',')
                    .after(&["timestamp="]),
                unit: Unit::Seconds,
                tolerance: Tolerance::both(300),
            }),
            ..Scheme::PLAIN
        },
        Scheme {
            version: "token",
            signature: Field::header("X-Buildkite-Token"),
            unless: Some(&SIGNATURE),
            ..Scheme::TOKEN
        },
    ],
    side_by_side: "Buildkite sends the one that is chosen over there; no signature shows the token, and where \
                   there is one the token doesn't count",
    // Its documentation says that there is no id of the delivery.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    headers: &["X-Buildkite-Event"],
    unsigned: "with a plain token: everything; the token proves who sent, not what",
    source_ips: "`webhook_ips` of https://api.buildkite.com/v2/meta",
    setup: "Organization settings, Notification Services, Webhook: add the URL, choose the token to be \
            sent as X-Buildkite-Signature, and copy it: it is the secret.",
    ..Provider::BASE
};
