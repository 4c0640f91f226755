use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "guesty",
    title: "Guesty",
    docs: "https://open-api-docs.guesty.com/docs/webhooks",
    ..SENDS_BY_SVIX
};
