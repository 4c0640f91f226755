use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "vapi",
    title: "Vapi",
    docs: "https://docs.vapi.ai/server-url/server-authentication",
    checked: "2026-11-30",
    read: "VapiAI/docs at eabfa530011e",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        signature: Field::header("X-Vapi-Secret|Authorization").after(&["Bearer ", ""]),
        ..Scheme::TOKEN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:message.type}")),
    reference: Some(&("call", Template::new("{json:message.call.id}"))),
    unsigned: "everything; the token proves who sent, not what",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    setup: "Dashboard, Server URL, of an assistant, a phone number or the account: enter the URL, and a \
            credential with a bearer token or a secret of your own choice, which is the secret here. Messages \
            that want an answer with content get none.",
    ..Provider::BASE
};
