use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "pleo",
    title: "Pleo",
    docs: "https://developers.pleo.io/docs/webhooks",
    ..SENDS_BY_SVIX
};
