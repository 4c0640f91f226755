use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "postmark",
    title: "Postmark",
    docs: "https://postmarkapp.com/developer/webhooks/webhooks-overview",
    checked: "2026-11-29",
    unconfirmed: &[Fact::EventId],
    schemes: &[Scheme::BASIC],
    // A message may be opened many times: its id alone names no event.
    identity: Identity::id(
        "{json:RecordType}-{json:MessageID}-{json:ReceivedAt|DeliveredAt|BouncedAt|ChangedAt}",
    ),
    event_type: Some(Template::new("{json:RecordType}")),
    unsigned: "everything; the password proves who sent, not what",
    refusal_status: 403,
    retry_hours: 11,
    retries: "10 times over 10.5 h for inbound messages, fewer for other events, on every status but \
              200; 403 stops them",
    source_ips: "https://postmarkapp.com/support/article/800-ips-for-firewalls",
    answers: Some(
        Answers::only(
            &[(200, 200)],
            "https://postmarkapp.com/developer/webhooks/webhooks-overview",
        )
        .noting("403 is final"),
    ),
    setup: "Server, message stream, Webhooks: add https://USER:PASSWORD@HOST/webhooks/SOURCE, or fill \
            in the fields for basic authentication, with a user and a password of your own choice. The \
            secret is USER:PASSWORD.",
    ..Provider::BASE
};
