use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "etsy",
    title: "Etsy",
    docs: "https://developers.etsy.com/documentation/essentials/webhooks",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Retries, Fact::Answer],
    note: "an event names a resource by its URL; the handler fetches it",
    schemes: &[WEBHOOK_V1],
    identity: WEBHOOK_ID,
    event_type: Some(Template::new("{json:event_type}")),
    reference: Some(&("shop_id", Template::new("{json:shop_id}"))),
    retries: "with growing pauses",
    setup: "Manage your apps, the commercial app, Go to Webhook portal: add the endpoint and copy its \
            signing secret (`whsec_…`).",
    ..Provider::BASE
};
