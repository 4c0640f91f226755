use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sinch",
    title: "Sinch (Conversation API)",
    docs: "https://developers.sinch.com/docs/conversation/callbacks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance, Fact::Retries],
    note: "for the webhooks of a Conversation API app; Voice and Verification sign differently",
    schemes: &[Scheme {
        signature: Field::header("x-sinch-webhook-signature"),
        encoding: Encoding::Base64,
        message: Template::new("{body}.{header:x-sinch-webhook-signature-nonce}.{timestamp}"),
        named: &[(
            Field::header("x-sinch-webhook-signature-algorithm"),
            "HmacSHA256",
        )],
        timestamp: Some(seconds_in("x-sinch-webhook-signature-timestamp")),
        ..Scheme::PLAIN
    }],
    identity: Identity::unique("a nonce is signed, which is new in each delivery"),
    reference: Some(&(
        "message_id",
        Template::new("{json:message.id|message_delivery_report.message_id}"),
    )),
    retry_hours: 24,
    retries: "on 429, 5xx and timeouts, at first after 5 s, each pause twice the one before, for a day",
    answers: Some(Answers::any_2xx(
        "https://github.com/sinch/skills/blob/main/skills/sinch-conversation-api/SKILL.md",
    )),
    setup: "Dashboard, Conversation API, Apps, the app, Webhooks: add the target URL and the triggers, \
            and enter a secret of your own choice. Without one nothing is signed.",
    ..Provider::BASE
};
