use super::prelude::*;

pub(super) const PROVIDER: Provider = Provider {
    name: "psi-fi",
    title: "PSI-FI",
    ..SENDS_BY_SVIX
};
