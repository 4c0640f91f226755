use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pandadoc",
    title: "PandaDoc",
    docs: "https://developers.pandadoc.com/docs/webhook-verification",
    checked: "2026-11-30",
    read: "its pages on verification and set-up; Svix's source type of its name",
    unconfirmed: &[Fact::Retries],
    schemes: &[Scheme {
        signature: Field {
            place: Place::Query("signature"),
            ..Field::header("")
        },
        ..Scheme::PLAIN
    }],
    bundle: Some(&Bundle {
        items: "",
        item_id: None,
        item_type: Some(Template::new("{json:event}")),
    }),
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.pandadoc.com/docs/webhook-setup",
    )),
    deadline_seconds: Some(20),
    setup: "Developer Dashboard, Configuration: add a webhook with the URL and the events that you want. The secret \
            is its shared key. PandaDoc puts `?signature=` behind the URL by itself.",
    ..Provider::BASE
};
