use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "stytch",
    title: "Stytch",
    docs: "https://stytch.com/docs/guides/webhooks/overview",
    ..SENDS_BY_SVIX
};
