use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "framer",
    title: "Framer forms",
    docs: "https://www.framer.com/help/articles/framer-form-webhook-setup",
    checked: "2026-11-30",
    read: "its page; webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    schemes: &[Scheme {
        signature: Field::header("Framer-Signature").after(&["sha256="]),
        message: Template::new("{body}{header:Framer-Webhook-Submission-Id}"),
        body: BodyForm::Json,
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:Framer-Webhook-Submission-Id}"),
    retries: "up to 5 times, on every status but 2xx; redirects aren't followed",
    answers: Some(Answers::any_2xx(
        "https://www.framer.com/help/articles/framer-form-webhook-setup",
    )),
    setup: "Select the form, Send To, Webhook: enter the URL and a secret of at least 32 characters of your \
            own choice. Without it nothing is signed.",
    ..Provider::BASE
};
