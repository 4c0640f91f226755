use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sanity",
    title: "Sanity",
    docs: "https://www.sanity.io/docs/content-lake/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[
        Fact::Tolerance,
        Fact::EventId,
        Fact::EventType,
        Fact::Answer,
    ],
    schemes: &[Scheme {
        signature: Field::header("sanity-webhook-signature")
            .split(',')
            .after(&["v1="]),
        encoding: Encoding::Base64Url,
        message: Template::new("{timestamp}.{body}"),
        // The provider's own library doesn't hold it against the clock, and no page names a window.
        timestamp: Some(Timestamp {
            field: Field::header("sanity-webhook-signature")
                .split(',')
                .after(&["t="]),
            unit: Unit::Millis,
            tolerance: as_long_as_it_sends(1),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:idempotency-key}"),
    event_type: Some(Template::new("{header:sanity-operation}")),
    // A body is sent by all of its methods; a GET with one isn't passed on everywhere.
    methods: &[Method::Post, Method::Put, Method::Patch, Method::Delete],
    headers: &[
        "sanity-dataset",
        "sanity-document-id",
        "sanity-project-id",
        "sanity-transaction-id",
        "sanity-transaction-time",
        "sanity-webhook-id",
    ],
    retry_hours: 1,
    retries: "twice, 30 s apart, on 429 and 5xx",
    setup: "sanity.io/manage, the project, API, Webhooks: create one with the URL, a filter, a \
            projection and a secret of your own choice. Every method but GET is taken: what is on the way may drop the \
            body of a GET.",
    ..Provider::BASE
};
