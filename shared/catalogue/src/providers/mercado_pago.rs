use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "mercado-pago",
    title: "Mercado Pago",
    docs: "https://www.mercadopago.com.br/developers/en/docs/your-integrations/notifications/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Deadline, Fact::Retries],
    note: "the handler fetches what `data.id` names: where the body has one, it is the signed one of the query",
    schemes: &[Scheme {
        signature: Field::header("x-signature").split(',').after(&["v1="]),
        message: Template::new("{mercado-pago}"),
        timestamp: Some(Timestamp {
            field: Field::header("x-signature").split(',').after(&["ts="]),
            // Products disagree on it.
            unit: Unit::SecondsOrMillis,
            tolerance: as_long_as_it_sends(96),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:id}").or_unique("the id of the request is signed"),
    event_type: Some(Template::new("{json:action|type}")),
    reference: Some(&("data_id", Template::new("{query:data.id}"))),
    headers: &["x-request-id"],
    unsigned: "the body: `data.id` of the query, the request's id and the time are signed",
    deadline_seconds: Some(22),
    retry_hours: 96,
    retries: "every 15 min; after the third failure at longer pauses",
    answers: Some(Answers::only(
        &[(200, 201)],
        "https://www.mercadopago.com.br/developers/en/docs/your-integrations/notifications/webhooks",
    )),
    setup: "Your integrations, the application, Webhooks, Configure notifications: enter the URL for \
            test and for production, choose the topics, and copy the secret signature.",
    ..Provider::BASE
};
