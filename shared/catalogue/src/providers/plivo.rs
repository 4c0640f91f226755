use super::prelude::*;

const V3: Field = Field::header("X-Plivo-Signature-V3").split(',');

pub(super) const PROVIDER: Provider = Provider {
    name: "plivo",
    title: "Plivo",
    docs: "https://www.plivo.com/docs/messaging/concepts/signature-validation",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventType, Fact::Retries, Fact::Answer],
    note: "for status, hangup and message URLs; an answer URL must return XML, which Landfall doesn't",
    joined: "it signs the fields of a form one behind the other; who cuts them elsewhere sends the same letters",
    schemes: &[
        Scheme {
            version: "v3",
            signature: V3,
            encoding: Encoding::Base64,
            message: Template::new("{plivo-v3}"),
            ..Scheme::PLAIN
        },
        // It covers no parameter, and is sent beside the newer one.
        Scheme {
            version: "v2",
            opt_in: true,
            signature: Field::header("X-Plivo-Signature-V2").split(','),
            encoding: Encoding::Base64,
            message: Template::new("{url_without_query}{header:X-Plivo-Signature-V2-Nonce}"),
            unless: Some(&V3),
            ..Scheme::PLAIN
        },
    ],
    // The uuid is that of the call or message, of which there are several events.
    identity: Identity::unique("a nonce is signed, which is new in each delivery"),
    event_type: Some(Template::new("{form:Event|Status|CallStatus}")),
    reference: Some(&("uuid", Template::new("{form:MessageUUID|CallUUID}"))),
    unsigned: "under the older signature (V2) the whole body: only the URL and a nonce are signed",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    setup: "Enter the URL in the application or message profile of the console, with the method POST (a GET is refused: \
            it has no body to record). \
            The secret is the auth token of the account, on the console's start page.",
    max_body: COMPOSED,
    ..Provider::BASE
};
