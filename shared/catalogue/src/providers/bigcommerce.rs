use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "bigcommerce",
    title: "BigCommerce",
    docs: "https://docs.bigcommerce.com/docs/integrations/webhooks",
    checked: "2026-11-30",
    read: "bigcommerce/docs at 24f580ca6d29",
    schemes: &[Scheme {
        key: KeyForm::Text,
        ..WEBHOOK_V1
    }],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:scope}")),
    reference: Some(&("store", Template::new("{json:store_id}"))),
    retry_hours: 49,
    retries: "after 1, 3, 5, 10 and 15 min, 30 min, 1, 2, 6, 14 and 24 h; then the webhook is deactivated. A \
            host whose successes get few is blocked as a whole",
    answers: Some(Answers::any_2xx(
        "https://docs.bigcommerce.com/docs/integrations/webhooks",
    )),
    setup: "`POST /v3/hooks` with the scope and the URL as `destination`. The secret is the app's client \
            secret, which is used as text.",
    ..Provider::BASE
};
