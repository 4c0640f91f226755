//! The sources of this build: `infra/landfall.toml`, compiled in. The build script has checked it for
//! every environment, so what stands here reads.

use catalogue::{Environment, Sources, reader};

/// `infra/landfall.toml`, as it was when this was built.
pub const TEXT: &str = include_str!("../../../infra/landfall.toml");

/// The sources of this environment. Reads the text: ask once and keep the answer.
#[must_use]
pub fn sources(environment: Environment) -> Sources {
    reader::read(TEXT, environment).unwrap_or_else(|faults| {
        unreachable!("the build has checked infra/landfall.toml: {faults:?}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_reads_in_every_environment() {
        for environment in Environment::ALL {
            let sources = sources(environment);
            for name in ["financbase", "formify", "frontitude", "orum", "self"] {
                let source = sources.get(name);
                assert!(
                    source.is_some_and(|source| source.provider.is_some()),
                    "{name}"
                );
            }
            assert_eq!(
                sources.get("drill").is_some(),
                environment != Environment::Live,
                "the fire drill never stands in live"
            );
        }
    }

    #[test]
    fn orum_may_send_from_its_published_addresses_only() {
        let addresses = |environment| {
            let sources = sources(environment);
            sources
                .get("orum")
                .map_or(0, |source| source.source_ips.len())
        };
        assert_eq!(addresses(Environment::Local), 0);
        assert_eq!(addresses(Environment::Test), 1);
        assert_eq!(addresses(Environment::Live), 3);
    }
}
