use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "terraform-cloud",
    title: "HCP Terraform and Terraform Enterprise",
    docs: "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings/notifications",
    checked: "2026-11-30",
    read: "hashicorp/web-unified-docs, pull request 869; three independent receivers",
    unconfirmed: &[Fact::EventId, Fact::EventType, Fact::Retries, Fact::Answer],
    schemes: &[Scheme {
        algorithm: Algorithm::HmacSha512,
        signature: Field::header("X-TFE-Notification-Signature"),
        ..Scheme::PLAIN
    }],
    identity: Identity::id(
        "{json:run_id}-{json:notifications.0.trigger}-{json:notifications.0.run_updated_at}",
    ),
    event_type: Some(Template::new("{json:notifications.0.trigger}")),
    reference: Some(&("run", Template::new("{json:run_id}"))),
    setup: "Workspace, Settings, Notifications: create a configuration of the type webhook with the URL, the \
            triggers and a token of your own choice, which is the secret. A verification is sent at once.",
    max_body: SLOWER_HASH,
    ..Provider::BASE
};
