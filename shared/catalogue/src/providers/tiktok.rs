use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "tiktok",
    title: "TikTok for Developers",
    docs: "https://developers.tiktok.com/doc/webhooks-verification",
    checked: "2026-11-29",
    unconfirmed: &[Fact::Tolerance],
    note: "not for TikTok Shop, which signs differently",
    schemes: &[Scheme {
        signature: Field::header("TikTok-Signature").split(',').after(&["s="]),
        message: Template::new("{timestamp}.{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("TikTok-Signature").split(',').after(&["t="]),
            unit: Unit::Seconds,
            // No document says that a redelivery is signed anew, and the last comes after three days.
            tolerance: Tolerance {
                past: Some(262_800),
                future: Some(300),
            },
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::EVERY_DELIVERY,
    event_type: Some(Template::new("{json:event}")),
    reference: Some(&("user", Template::new("{json:user_openid}"))),
    retries: "for up to 72 h, with growing pauses",
    answers: Some(Answers::only(
        &[(200, 200)],
        "https://developers.tiktok.com/doc/webhooks-overview",
    )),
    setup: "Developer portal, Manage apps, the app, Webhooks: enter the URL as callback URL. The \
            secret is the app's client secret.",
    ..Provider::BASE
};
