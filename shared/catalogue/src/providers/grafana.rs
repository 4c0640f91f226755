use super::prelude::*;

const SIGNATURE: Field = Field::header("X-Grafana-Alerting-Signature");

pub(super) const PROVIDER: Provider = Provider {
    name: "grafana",
    title: "Grafana (alerting contact point)",
    docs: "https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/",
    checked: "2026-11-30",
    read: "grafana/alerting at 783ce041445f: http/hmac.go",
    unconfirmed: &[Fact::Tolerance, Fact::EventId, Fact::Retries, Fact::Answer],
    schemes: &[
        Scheme {
            version: "timed",
            signature: SIGNATURE,
            message: Template::new("{timestamp}:{body}"),
            timestamp: Some(seconds_in("X-Grafana-Alerting-Timestamp")),
            ..Scheme::PLAIN
        },
        Scheme {
            version: "plain",
            signature: SIGNATURE,
            body: BodyForm::Json,
            ..Scheme::PLAIN
        },
    ],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:status}")),
    side_by_side: "what is signed with a time begins with digits and a colon, which no JSON body does",
    setup: "Alerting, Contact points: add one of the type Webhook with the URL; under HMAC signature enter a \
            secret of your own choice, leave the header as it is, and enter `X-Grafana-Alerting-Timestamp` as \
            timestamp header. Without that header no time is signed.",
    max_body: SEVERAL_MESSAGES,
    ..Provider::BASE
};
