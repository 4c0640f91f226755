use super::prelude::*;

/// A time, a random token and the signature of both, which stand side by side.
const fn signed(
    version: &'static str,
    time: Field,
    signature: Field,
    message: &'static str,
) -> Scheme {
    Scheme {
        version,
        signature,
        message: Template::new(message),
        timestamp: Some(Timestamp {
            field: time,
            unit: Unit::Seconds,
            // A redelivery keeps the time of the first, and the last comes after eight hours.
            tolerance: Tolerance {
                past: Some(43_200),
                future: Some(300),
            },
        }),
        ..Scheme::PLAIN
    }
}

pub(super) const PROVIDER: Provider = Provider {
    name: "mailgun",
    title: "Mailgun",
    docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance],
    note: "an event of a subaccount is signed with the subaccount's key, and beside that with its parent's: either \
           will do. Routes that forward mail post a form, which is multipart where there are attachments; handlers \
           read it with `event.field(\"subject\")`",
    schemes: &[
        signed(
            "event",
            Field::json("signature.timestamp"),
            Field::json("signature.signature"),
            "{timestamp}{json:signature.token}",
        ),
        signed(
            "parent",
            Field::json("signature.parent-signature.timestamp"),
            Field::json("signature.parent-signature.signature"),
            "{timestamp}{json:signature.parent-signature.token}",
        ),
        signed(
            "route",
            Field::form("timestamp"),
            Field::form("signature"),
            "{timestamp}{form:token}",
        ),
    ],
    side_by_side: "all three sign the same, a time and a random token, and none signs more",
    identity: Identity::id("{json:event-data.id}")
        .or_unique("a token is signed, which is new for each event"),
    event_type: Some(Template::new("{json:event-data.event}")),
    unsigned: "the event: only a time and a random token are signed",
    retry_hours: 8,
    retries: "after 5, 10 and 15 min, 1, 2 and 4 h, on every status but 200; the status 406 stops it",
    answers: Some(Answers::only(&[(200, 200)], "https://documentation.mailgun.com/docs/mailgun/user-manual/receive-forward-store/receive-http").noting("406 is final, which a refusal is not: a wrong key here loses nothing")),
    largest_body_bytes: Some(25_000_000),
    setup: "Sending, Webhooks: add the URL for each kind of event; or Receiving, Routes: forward to the URL. The \
            secret is the HTTP webhook signing key under Account settings, API security.",
    max_body: READ_BEFORE,
    ..Provider::BASE
};
