use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "typeform",
    title: "Typeform",
    docs: "https://www.typeform.com/developers/webhooks/secure-your-webhooks/",
    checked: "2026-11-29",
    schemes: &[Scheme {
        signature: Field::header("Typeform-Signature").after(&["sha256="]),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{json:event_id}"),
    event_type: Some(Template::new("{json:event_type}")),
    reference: Some(&("form_id", Template::new("{json:form_response.form_id}"))),
    deadline_seconds: Some(30),
    retry_hours: 10,
    retries: "on 408, 423, 429 and 503 every 2 to 3 min for 10 h; else after 5, 10, 20, 60 and 120 min; 404 and 410 \
              disable the webhook at once, and so do more than 300 failures in a day",
    answers: Some(
        Answers::any_2xx("https://www.typeform.com/developers/webhooks/")
            .noting("404 and 410 disable the webhook at once"),
    ),
    setup: "The form, Connect, Webhooks: add the URL, edit the webhook and enter a secret of your own choice. \
            Without one nothing is signed and everything is refused.",
    ..Provider::BASE
};
