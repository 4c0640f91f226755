use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "twitch",
    title: "Twitch EventSub",
    docs: "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
    checked: "2026-11-29",
    note: "a revocation has the type of its subscription, too: its `subscription.status` is not `enabled`",
    schemes: &[Scheme {
        signature: Field::header("Twitch-Eventsub-Message-Signature").after(&["sha256="]),
        message: Template::new("{header:Twitch-Eventsub-Message-Id}{timestamp}{body}"),
        timestamp: Some(Timestamp {
            field: Field::header("Twitch-Eventsub-Message-Timestamp"),
            unit: Unit::Iso,
            tolerance: Tolerance::both(600),
        }),
        ..Scheme::PLAIN
    }],
    identity: Identity::id("{header:Twitch-Eventsub-Message-Id}"),
    event_type: Some(Template::new("{json:subscription.type}")),
    headers: &[
        "Twitch-Eventsub-Message-Retry",
        "Twitch-Eventsub-Message-Type",
        "Twitch-Eventsub-Subscription-Version",
    ],
    handshakes: &[Handshake {
        when: Some((
            Place::Json("subscription.status"),
            "webhook_callback_verification_pending",
        )),
        challenge: Some(Place::Json("challenge")),
        ..Handshake::SIGNED
    }],
    retries: "again when Twitch isn't sure of an answer within a few seconds; after too many failures \
              the subscription is revoked",
    answers: Some(Answers::any_2xx(
        "https://dev.twitch.tv/docs/eventsub/handling-webhook-events/",
    )),
    setup: "POST to https://api.twitch.tv/helix/eventsub/subscriptions with the transport webhook, the \
            URL as callback and a secret of your own choice of 10 to 100 characters. Twitch checks the \
            URL at once and Landfall answers the challenge.",
    ..Provider::BASE
};
