use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "telegram",
    title: "Telegram Bot API",
    docs: "https://core.telegram.org/bots/api#setwebhook",
    checked: "2026-11-30",
    read: "webhook-co/webhook at de3aa4e8ae04, an independent receiver that keeps such a table",
    unconfirmed: &[Fact::Signature, Fact::EventId, Fact::Retries, Fact::Answer],
    note: "its own page wasn't read: that it signs so is said by independent receivers. What is answered with \
            JSON Telegram takes for a call of its API: it gets an empty answer",
    schemes: &[Scheme {
        signature: Field::header("X-Telegram-Bot-Api-Secret-Token"),
        ..Scheme::TOKEN
    }],
    identity: Identity::id("{json:update_id}"),
    unsigned: "everything; the token proves who sent, not what",
    accepted: Accepted::Fixed(Fixed::EMPTY),
    setup: "`setWebhook` with the URL and, as `secret_token`, a secret of your own choice: 1 to 256 letters, \
            digits, `_` and `-`.",
    ..Provider::BASE
};
