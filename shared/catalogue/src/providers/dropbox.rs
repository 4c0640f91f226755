use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "dropbox",
    title: "Dropbox",
    docs: "https://www.dropbox.com/developers/reference/webhooks",
    checked: "2026-11-29",
    note: "a notification names the accounts in which something changed, and nothing else; every delivery is an \
           event of its own, redeliveries too",
    schemes: &[Scheme {
        signature: Field::header("X-Dropbox-Signature"),
        ..Scheme::PLAIN
    }],
    // Two changes of one account make the same bytes.
    identity: Identity::EVERY_DELIVERY,
    handshakes: &[Handshake {
        challenge: Some(Place::Query("challenge")),
        ..Handshake::OPEN
    }],
    deadline_seconds: Some(10),
    retry_hours: 1,
    retries: "over about 10 min with growing pauses, on every status but 200",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://www.dropbox.com/developers/reference/webhooks",
    )),
    setup: "App Console, your app, Webhooks: enter the URL, which Dropbox checks at once. The secret is the app \
            secret.",
    ..Provider::BASE
};
