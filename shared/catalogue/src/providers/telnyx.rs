use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "telnyx",
    title: "Telnyx",
    docs: "https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks",
    checked: "2026-11-29",
    schemes: &[Scheme {
        algorithm: Algorithm::Ed25519,
        key: PUBLIC_KEY,
        signature: Field::header("telnyx-signature-ed25519"),
        encoding: Encoding::Base64,
        message: Template::new("{timestamp}|{body}"),
        timestamp: Some(seconds_in("telnyx-timestamp")),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:data.id}"),
    event_type: Some(Template::new("{json:data.event_type}")),
    reference: Some(&("payload_id", Template::new("{json:data.payload.id}"))),
    deadline_seconds: Some(2),
    retry_hours: 1,
    retries: "3 times for each URL, the failover URL last",
    answers: Some(Answers::any_2xx(
        "https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks",
    )),
    setup: "Enter the URL in the messaging profile, the voice application or the number's settings, \
            with API version 2. The secret is the public key under Account Settings, Keys & \
            Credentials, Public Key.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
