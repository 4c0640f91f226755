use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "woocommerce",
    title: "WooCommerce",
    docs: "https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks",
    checked: "2026-11-29",
    note: "on saving a webhook, WooCommerce sends a ping without a signature: it is refused, the page says so, \
           and the webhook is active nevertheless",
    schemes: &[Scheme {
        signature: Field::header("X-WC-Webhook-Signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    // The delivery id is made of the webhook and the second: two orders in one second have the same, and differ in
    // what is signed; `order.created` and `order.updated` of one order have the same body, and differ in the id.
    identity: Identity::id("{header:X-WC-Webhook-Delivery-ID}"),
    event_type: Some(Template::new("{header:X-WC-Webhook-Topic}")),
    reference: Some(&("resource_id", Template::new("{json:id}"))),
    headers: &[
        "X-WC-Webhook-Event",
        "X-WC-Webhook-ID",
        "X-WC-Webhook-Resource",
        "X-WC-Webhook-Source",
    ],
    deadline_seconds: Some(60),
    retry_hours: 1,
    retries: "none; the webhook is disabled after more than five failures in a row",
    answers: Some(Answers::only(
        &[(200, 302)],
        "https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php",
    )),
    setup: "WooCommerce, Settings, Advanced, Webhooks, Add webhook: status Active, a topic, this \
            delivery URL, and a secret of your own choice.",
    ..Provider::BASE
};
