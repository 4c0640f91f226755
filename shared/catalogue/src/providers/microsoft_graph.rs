use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "microsoft-graph",
    title: "Microsoft Graph change notifications",
    docs: "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
    checked: "2026-11-30",
    read: "its pages, and microsoftgraph/msgraph-sdk-dotnet-core at 7b55c34de404",
    note: "validation tokens, which Microsoft asks to be looked at where resource data come, are not: they are signed by \
           keys that Microsoft publishes, and a source has keys of one origin, here the client state. As that does, they \
           stand in the delivery and cover nothing of it; unlike that, they expire",
    // The client state stands in every item, and must be right in each.
    schemes: &[Scheme {
        signature: Field::json("value.*.clientState"),
        ..Scheme::TOKEN
    }],
    unsigned: "everything; the client state proves who sent, not what",
    handshakes: &[Handshake {
        method: Method::Post,
        challenge: Some(Place::Query("validationToken")),
        ..Handshake::OPEN
    }],
    // Two changes of one drive make the same bytes.
    identity: Identity::EVERY_DELIVERY,
    bundle: Some(&Bundle {
        items: "value",
        // There is one where the service that notifies sets it; items without one are told apart by the delivery.
        item_id: Some(Template::new("{json:id}")),
        item_type: Some(Template::new("{json:changeType|lifecycleEvent}")),
    }),
    encrypted: Some(&Encrypted {
        member: "encryptedContent",
        decrypted: "decryptedContent",
        data: "data",
        signature: "dataSignature",
        key: "dataKey",
        certificate: "encryptionCertificateId",
        source: "https://learn.microsoft.com/graph/change-notifications-with-resource-data",
    }),
    deadline_seconds: Some(3),
    retry_hours: 4,
    retries: "for up to 4 h on every status but 2xx; endpoints that answer slowly are throttled",
    source_ips: "https://learn.microsoft.com/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls",
    accepted: Accepted::Fixed(Fixed {
        status: 202,
        ..Fixed::EMPTY
    }),
    answers: Some(
        Answers::any_2xx(
            "https://learn.microsoft.com/graph/change-notifications-delivery-webhooks",
        )
        .noting("202 says that it is queued"),
    ),
    setup: "POST to https://graph.microsoft.com/v1.0/subscriptions with the URL as notificationUrl and \
            a clientState of your own choice, which is the secret. Subscriptions end: renew them before \
            their expirationDateTime.",
    max_body: READ_BEFORE,
    ..Provider::BASE
};
