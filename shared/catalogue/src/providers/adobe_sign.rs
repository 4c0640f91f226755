use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "adobe-sign",
    title: "Adobe Acrobat Sign",
    docs: "https://opensource.adobe.com/acrobat-sign/developer_guide/webhookapis.html",
    checked: "2026-11-30",
    read: "its pages on webhooks and on their payloads, which AdobeDocs keeps in the open",
    unconfirmed: &[Fact::Retries, Fact::Deadline],
    note: "it signs nothing. The client id is what it offers to know it by, and no secret: who has seen a link to \
           authorize the application knows it. So write `source_ips`, from the ranges that it publishes, and read from \
           its API what you act upon",
    schemes: &[Scheme {
        signature: Field::header("X-AdobeSign-ClientId"),
        ..Scheme::TOKEN
    }],
    unsigned: "everything: the client id is sent along",
    identity: Identity::id("{json:webhookNotificationId}"),
    event_type: Some(Template::new("{json:event}")),
    handshakes: &[Handshake {
        method: Method::Get,
        challenge: Some(Place::Header("X-AdobeSign-ClientId")),
        form: Form::Token,
        reply: Reply::Json(&[("xAdobeSignClientId", Template::new("{challenge}"))]),
        ..Handshake::SIGNED
    }],
    accepted: Accepted::Echoed {
        header: "X-AdobeSign-ClientId",
        field: "xAdobeSignClientId",
    },
    answers: Some(
        Answers::any_2xx(
            "https://opensource.adobe.com/acrobat-sign/developer_guide/webhookapis.html",
        )
        .noting("the client id must be in each, which Landfall answers"),
    ),
    source_ips: "https://helpx.adobe.com/sign/system-requirements.html",
    setup: "Account, Webhooks, or `POST /webhooks`, with the URL: it asks by GET at once. The secret is the client id of the \
            application that creates it.",
    ..Provider::BASE
};
