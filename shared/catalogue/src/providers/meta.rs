use super::prelude::*;

/// Entries and their changes have no ids.
pub(super) const BUNDLE: Option<&Bundle> = Some(&Bundle {
    items: "entry>changes",
    item_id: None,
    item_type: Some(Template::new("{json:changes.0.field}")),
});

pub(super) const HANDSHAKES: &[Handshake] = &[Handshake {
    when: Some((Place::Query("hub.mode"), "subscribe")),
    challenge: Some(Place::Query("hub.challenge")),
    proof: Proof::VerifyToken(Place::Query("hub.verify_token")),
    ..Handshake::OPEN
}];

pub(super) const PROVIDER: Provider = Provider {
    name: "meta",
    title: "Meta (Facebook, Messenger, Instagram)",
    docs: "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
    checked: "2026-11-29",
    note: "Instagram and Messenger differ in nothing but the objects; WhatsApp has an entry of its own, since it \
           sends again for longer",
    schemes: &[Scheme {
        signature: Field::header("X-Hub-Signature-256").after(&["sha256="]),
        ..Scheme::PLAIN
    }],
    // Entries have no ids, and their times are whole seconds.
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:object}")),
    handshakes: HANDSHAKES,
    bundle: BUNDLE,
    retry_hours: 36,
    retries: "at once, then less and less often for 36 h, on every status but 200; changes may be sent in bundles",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.facebook.com/docs/graph-api/webhooks/getting-started",
    )),
    setup: "App Dashboard, Webhooks: choose the object, enter the URL and a verify token of your own choice, and \
            subscribe to fields. The secret is the app secret under Settings, Basic; the \
            verify token stands beside it, marked as such.",
    ..Provider::BASE
};
