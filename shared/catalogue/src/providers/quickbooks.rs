use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "quickbooks",
    title: "Intuit QuickBooks Online",
    docs: "https://developer.intuit.com/app/developer/qbo/docs/develop/webhooks/managing-webhooks-notifications",
    checked: "2026-11-30",
    read: "its page; QuickBooks-V3-Java-SDK: WebhooksService and its test",
    unconfirmed: &[Fact::Bundle, Fact::Retries, Fact::Answer],
    note: "the form above is the older one; as a list of CloudEvents each change has an `id` and a `type`, for \
            which a source can say `bundle = { items = \"\", item_id = \"{json:id}\", item_type = \
            \"{json:type}\" }`",
    schemes: &[Scheme {
        signature: Field::header("intuit-signature"),
        encoding: Encoding::Base64,
        ..Scheme::PLAIN
    }],
    identity: Identity::unique(
        "every change in it has its company, its entity, its operation and its time",
    ),
    setup: "Developer portal, the app, Webhooks: enter the URL and choose the entities. The secret is the \
            verifier token shown there; development and production have one each.",
    ..Provider::BASE
};
