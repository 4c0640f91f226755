use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "sardine",
    title: "Sardine",
    ..SENDS_BY_SVIX
};
