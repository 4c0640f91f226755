use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mandrill",
    title: "Mailchimp Transactional (Mandrill)",
    docs: "https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/",
    checked: "2026-11-30",
    read: "webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[
        Fact::Signature,
        Fact::EventId,
        Fact::Handshake,
        Fact::Retries,
        Fact::Answer,
    ],
    note: "its own page wasn't read: that it signs so is said by independent receivers. Its fields are signed \
            behind the URL as Twilio's are. The field `mandrill_events` has a list of events, which isn't \
            taken apart",
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha1,
        signature: Field::header("X-Mandrill-Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{url}{twilio}"),
        ..Scheme::PLAIN
    }],
    joined: "it signs the fields of a form one behind the other; who cuts them elsewhere sends the same letters",
    identity: Identity::EVERY_DELIVERY,
    handshakes: &[Handshake::HEAD],
    payload_field: Some("mandrill_events"),
    setup: "Settings, Webhooks: add the URL, which Mandrill asks at once by HEAD, and choose the events; the \
            list shows each webhook's key, which is the secret. If the URL that reaches Landfall isn't the one \
            that was entered, name that as the source's `url`.",
    max_body: COMPOSED,
    ..Provider::BASE
};
