use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "okta",
    title: "Okta event hooks",
    docs: "https://developer.okta.com/docs/concepts/event-hooks/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("Authorization"),
        ..Scheme::TOKEN
    }],
    identity: Identity::id("{json:eventId}"),
    event_type: Some(Template::new("{json:eventType}")),
    unsigned: "everything; the token proves who sent, not what",
    handshakes: &[Handshake {
        method: Method::Get,
        challenge: Some(Place::Header("X-Okta-Verification-Challenge")),
        reply: Reply::Json(&[("verification", Template::new("{challenge}"))]),
        ..Handshake::SIGNED
    }],
    bundle: Some(&Bundle {
        items: "data.events",
        item_id: Some(Template::new("{json:uuid}")),
        item_type: Some(Template::new("{json:eventType}")),
    }),
    deadline_seconds: Some(3),
    retry_hours: 1,
    retries: "once, and not after a 4xx",
    source_ips: "https://help.okta.com/en-us/content/topics/security/ip-address-allow-listing.htm",
    answers: Some(
        Answers::only(
            &[(200, 200), (204, 204)],
            "https://developer.okta.com/docs/concepts/event-hooks/",
        )
        .noting("a 4xx is final"),
    ),
    setup: "Workflow, Event Hooks: create one with the URL, Authorization as authentication field and \
            a secret of your own choice, and verify it. The secret is the whole value of the header.",
    ..Provider::BASE
};
