use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "beehiiv",
    title: "beehiiv",
    docs: "https://developers.beehiiv.com/webhooks",
    ..SENDS_BY_SVIX
};
