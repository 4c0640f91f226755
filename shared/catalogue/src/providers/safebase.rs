use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "safebase",
    title: "SafeBase",
    ..SENDS_BY_SVIX
};
