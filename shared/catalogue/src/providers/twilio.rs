use super::prelude::*;

const fn signed(algorithm: Algorithm) -> Scheme {
    Scheme {
        algorithm,
        signature: Field::header("X-Twilio-Signature"),
        encoding: Encoding::Base64,
        message: Template::new("{url}{twilio}"),
        // `validateRequest` of twilio-node tries all of these, `RequestValidator` of twilio-python the ports.
        url_forms: &[UrlForm::AnyPort, UrlForm::QueryEncodedAnew],
        ..Scheme::PLAIN
    }
}

pub(super) const PROVIDER: Provider = Provider {
    name: "twilio",
    title: "Twilio",
    docs: "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
    note: "for status callbacks and events; a call or message that waits for TwiML gets an empty answer. Form fields are signed one behind the \
           other, without a mark where a name or value ends. Shared keys (a public beta) sign the same bytes \
           with HMAC-SHA256",
    // With the account's auth token, and with a shared key that was made for webhooks.
    schemes: &[signed(Algorithm::HmacSha1), signed(Algorithm::HmacSha256)],
    identity: Identity::id("{header:I-Twilio-Idempotency-Token}"),
    event_type: Some(Template::new(
        "{form:MessageStatus|SmsStatus|CallStatus|RecordingStatus|EventType}",
    )),
    reference: Some((
        "sid",
        Template::new("{form:MessageSid|CallSid|RecordingSid}"),
    )),
    accepted: Accepted::Fixed(Fixed {
        status: 200,
        content_type: "text/xml",
        body: "<Response/>",
    }),
    headers: &["X-Twilio-Webhooks-Signature-Settings"],
    deadline_seconds: Some(15),
    retry_hours: 1,
    retries: "once, if the connection fails; the fragment `#rc=5&rp=all` at the end of the URL asks for up to five, \
              on 5xx too",
    answers: Some(
        Answers::any_2xx(
            "https://www.twilio.com/docs/usage/webhooks/getting-started-twilio-webhooks",
        )
        .noting("the body is read as TwiML, and an empty response does nothing"),
    ),
    setup: "Console: enter the URL where the number, messaging service or call asks for a webhook or status \
            callback, with the method POST (a GET is refused: it has no body to record). The secret is the account's primary auth token, or the shared key that the webhook is configured with.",
    ..Provider::BASE
};
