use super::prelude::*;

/// One signature is sent, and its prefix names the hash.
const fn signed(
    version: &'static str,
    algorithm: Algorithm,
    prefix: &'static [&'static str],
) -> Scheme {
    Scheme {
        version,
        algorithm,
        signature: Field::header("X-Hub-Signature").after(prefix),
        ..Scheme::PLAIN
    }
}

pub(super) const PROVIDER: Provider = Provider {
    name: "websub",
    title: "WebSub",
    docs: "https://www.w3.org/TR/websub/",
    checked: "2026-11-29",
    schemes: &[
        signed("sha256", Algorithm::HmacSha256, &["sha256="]),
        signed("sha1", Algorithm::HmacSha1, &["sha1="]),
        signed("sha384", Algorithm::HmacSha384, &["sha384="]),
        signed("sha512", Algorithm::HmacSha512, &["sha512="]),
    ],
    side_by_side: "the hub chooses, and sends one; one hash's signature doesn't pass by another, and HMAC with SHA-1 \
                   isn't known to be forgeable",
    settings: &[Setting {
        name: "topic",
        help: "the topic URL that was subscribed to, exactly as the hub repeats it; one source for each topic",
        example: "https://example.com/feed.xml",
    }],
    // A topic may be what it has been before: every notification is the topic's whole content.
    identity: Identity::EVERY_DELIVERY,
    headers: &["Link"],
    handshakes: &[Handshake {
        when: Some((Place::Query("hub.mode"), "subscribe")),
        challenge: Some(Place::Query("hub.challenge")),
        proof: Proof::Known(Place::Query("hub.topic"), Template::new("{setting:topic}")),
        ..Handshake::OPEN
    }],
    // Authentic or not, the answer is the same, so that nobody can try signatures out.
    accepted: Accepted::Fixed(Fixed {
        status: 202,
        ..Fixed::EMPTY
    }),
    refusal_status: 202,
    retries: "the hub's choice; 410 ends the subscription",
    answers: Some(
        Answers::any_2xx("https://www.w3.org/TR/websub/#signature-validation")
            .noting("of a wrong signature it wants to hear a 2xx, too"),
    ),
    setup: "POST to the hub that the feed names: hub.mode=subscribe, hub.topic, the URL as hub.callback \
            and a hub.secret of your own choice, below 200 bytes. Subscriptions end with their lease: \
            renew them.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
