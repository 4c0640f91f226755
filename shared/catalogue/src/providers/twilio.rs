use super::prelude::*;

/// `key=…,algorithm=…`: of a delivery that a shared key signed.
const SETTINGS: Field = Field::header("X-Twilio-Webhooks-Signature-Settings")
    .split(',')
    .after(&["algorithm="]);

const SIGNED: Scheme = Scheme {
    signature: Field::header("X-Twilio-Signature"),
    encoding: Encoding::Base64,
    message: Template::new("{url}{twilio}"),
    // `validateRequest` of twilio-node tries all of these, `RequestValidator` of twilio-python the ports.
    url_forms: &[UrlForm::AnyPort, UrlForm::QueryEncodedAnew],
    ..Scheme::PLAIN
};

pub(super) const PROVIDER: Provider = Provider {
    name: "twilio",
    title: "Twilio",
    docs: "https://www.twilio.com/docs/usage/webhooks/webhooks-security",
    checked: "2026-11-29",
    note: "for status callbacks and events; a call or message that waits for TwiML gets an empty answer. Form fields are signed one behind the \
           other, without a mark where a name or value ends. Shared keys (a public beta) sign the same bytes \
           with HMAC-SHA256, and say so in a header of their own",
    // With the account's auth token, and with a shared key that was made for webhooks.
    joined: "it signs the fields of a form one behind the other; who cuts them elsewhere sends the same letters",
    schemes: &[
        Scheme {
            version: "sha1",
            algorithm: Algorithm::HmacSha1,
            named: &[(SETTINGS, "HMAC_SHA1")],
            ..SIGNED
        },
        Scheme {
            version: "sha256",
            when: Some(&(SETTINGS, "HMAC_SHA256")),
            ..SIGNED
        },
    ],
    side_by_side: "each delivery has one signature and names its algorithm; one hash's signature doesn't pass by the \
                   other, and HMAC with SHA-1 isn't known to be forgeable",
    identity: Identity::id("{header:I-Twilio-Idempotency-Token}"),
    event_type: Some(Template::new(
        "{form:MessageStatus|SmsStatus|CallStatus|RecordingStatus|EventType}",
    )),
    reference: Some(&(
        "sid",
        Template::new("{form:MessageSid|CallSid|RecordingSid}"),
    )),
    accepted: Accepted::Fixed(Fixed {
        status: 200,
        content_type: "text/xml",
        body: "<Response/>",
    }),
    deadline_seconds: Some(15),
    retry_hours: 1,
    retries: "once, if the connection fails; the fragment `#rc=5&rp=all` at the end of the URL asks for up to five, \
              on 5xx too",
    answers: Some(
        Answers::any_2xx("https://www.twilio.com/docs/api/errors/11200")
            .noting("the body is read as TwiML, and an empty response does nothing"),
    ),
    setup: "Console: enter the URL where the number, messaging service or call asks for a webhook or status \
            callback, with the method POST (a GET is refused: it has no body to record). The secret is the account's primary auth token, or the shared key that the webhook is configured with.",
    max_body: COMPOSED,
    ..Provider::BASE
};
