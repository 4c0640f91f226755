use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "nash",
    title: "Nash",
    ..SENDS_BY_SVIX
};
