use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "microsoft-teams",
    title: "Microsoft Teams (outgoing webhook)",
    docs: "https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Answer],
    note: "Teams shows the answer as a reply in the channel; Landfall's is empty, so Teams may tell the user that \
           something went wrong, though the event is kept. A source's `accepted` can hold a message that is always \
           the same",
    schemes: &[Scheme {
        key: KeyForm::Base64 { prefix: "" },
        signature: Field::header("Authorization").after(&["HMAC ", "hmac "]),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::unique(
        "the body has the id and the time of the message, and each message is sent once",
    ),
    event_type: JSON_TYPE,
    reference: Some(&("message", Template::new("{json:id}"))),
    deadline_seconds: Some(5),
    retry_hours: 1,
    retries: "none",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    setup: "The team, Manage team, Apps, Create an outgoing webhook: enter the URL as callback URL. \
            Teams then shows the security token, once: that text is the secret.",
    ..Provider::BASE
};
