//! `landfall.toml` as a process finds it when it starts: in its package, or where it is told to look.

use std::{fmt, path::PathBuf};

use catalogue::{
    Configuration, Environment, check,
    reader::{self, Fault},
};
use sha2::{Digest as _, Sha256};

/// Names the file, where it isn't the one in the package.
pub const FILE_VARIABLE: &str = "LANDFALL_CONFIG";

/// Where Lambda unpacks the package.
const PACKAGE_VARIABLE: &str = "LAMBDA_TASK_ROOT";

/// The file's name in the package.
pub const NAME: &str = "landfall.toml";

/// How much of the SHA-256 names a configuration: enough to tell two files of one project apart.
const DIGEST_DIGITS: usize = 12;

/// The file, as it was read.
#[derive(Debug)]
pub struct Loaded {
    /// What the file says for one environment.
    pub configuration: Configuration,
    /// The beginning of the SHA-256 of the file's bytes, in hex.
    pub digest: String,
}

/// Why a process can't start with its configuration: every fault of it, in the words of
/// `landfall check`.
#[derive(PartialEq, Eq)]
pub struct Unusable(String);

impl Loaded {
    /// Finds the file and reads it. Nothing stands in for what is missing or faulty.
    pub fn load(
        environment: Environment,
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Unusable> {
        Self::load_by(lookup, |text| reader::read(text, environment))
    }

    /// The same for the consumer, which has these handlers: a route to another one is a fault.
    pub fn load_with_handlers(
        environment: Environment,
        handlers: &[&str],
        lookup: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Unusable> {
        Self::load_by(lookup, |text| {
            reader::read_with_handlers(text, environment, handlers)
        })
    }

    fn load_by(
        lookup: impl Fn(&str) -> Option<String>,
        read: impl FnOnce(&str) -> Result<Configuration, Vec<Fault>>,
    ) -> Result<Self, Unusable> {
        let set = |name| lookup(name).filter(|value| !value.is_empty());
        let file = set(FILE_VARIABLE)
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(set(PACKAGE_VARIABLE)?).join(NAME)))
            .ok_or_else(|| {
                Unusable(format!(
                    "there is no {NAME} to read: neither {FILE_VARIABLE} nor {PACKAGE_VARIABLE} is set"
                ))
            })?;
        let called = file.display().to_string();
        let text = std::fs::read_to_string(&file)
            .map_err(|error| Unusable(check::unreadable(&called, &error)))?;
        let configuration =
            read(&text).map_err(|faults| Unusable(check::listed(&called, &faults)))?;
        Ok(Self {
            configuration,
            digest: digest(text.as_bytes()),
        })
    }

    /// Says in the log with which configuration the process has started.
    pub fn log_start(&self) {
        let sources = self.configuration.sources.iter().count();
        let routes = self.configuration.routes.iter().count();
        tracing::info!(config = self.digest, sources, routes, "started");
    }
}

/// By what a configuration is named in the log: the beginning of the SHA-256 of its bytes, in hex.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let mut digits = hex::encode(Sha256::digest(bytes));
    digits.truncate(DIGEST_DIGITS);
    digits
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// As it is read by people: what ends `main` is printed so.
impl fmt::Debug for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Unusable {}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::path::Path;

    use super::*;

    const SOUND: &str = "[sources.shop]\nprovider = \"stripe\"\n[sources.drill]\nprovider = \"github\"\n\
                         environments = [\"local\"]\n";

    /// A folder of this test's own with this file in it.
    fn folder(name: &str, content: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("landfall-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(NAME), content).unwrap();
        folder
    }

    fn set<'a>(variables: &'a [(&'a str, &'a Path)]) -> impl Fn(&str) -> Option<String> + 'a {
        move |name| {
            let found = variables.iter().find(|(set, _)| *set == name);
            found.map(|(_, value)| value.to_str().unwrap().to_owned())
        }
    }

    #[test]
    fn the_file_in_the_package_is_read_for_its_environment() {
        let folder = folder("package", SOUND);
        let load =
            |environment| Loaded::load(environment, set(&[(PACKAGE_VARIABLE, &folder)])).unwrap();
        let live = load(Environment::Live);
        assert!(live.configuration.sources.get("shop").is_some());
        assert!(live.configuration.sources.get("drill").is_none());
        let local = load(Environment::Local);
        assert!(local.configuration.sources.get("drill").is_some());
        assert_eq!(live.digest, local.digest, "it names the file");
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_file_that_is_named_counts_and_not_the_packages() {
        let folder = folder("named", "this can't be read");
        let named = folder.join("another.toml");
        std::fs::write(&named, SOUND).unwrap();
        let variables = [
            (FILE_VARIABLE, named.as_path()),
            (PACKAGE_VARIABLE, &folder),
        ];
        let loaded = Loaded::load(Environment::Live, set(&variables)).unwrap();
        assert!(loaded.configuration.sources.get("shop").is_some());
        // An empty variable names nothing.
        let variables = [
            (FILE_VARIABLE, Path::new("")),
            (PACKAGE_VARIABLE, named.parent().unwrap()),
        ];
        assert!(Loaded::load(Environment::Live, set(&variables)).is_err());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn every_fault_ends_the_start_with_its_line_and_mend() {
        let folder = folder(
            "faults",
            "[sources.shop]\nprovder = \"stripe\"\n[sources.Shop]\nprovider = \"github\"\n",
        );
        let file = folder.join(NAME).display().to_string();
        let fault = Loaded::load(Environment::Live, set(&[(PACKAGE_VARIABLE, &folder)]));
        // `main` prints what it is ended with by `Debug`.
        let text = format!("{:?}", fault.unwrap_err());
        assert_eq!(
            text.lines().collect::<Vec<_>>(),
            [
                format!("{file}:2: unknown key `provder`; did you mean `provider`?"),
                format!(
                    "{file}:3: `Shop` can't be the name of a source; use 1 to 64 lower-case letters, digits and `-`: \
                     it is the end of the URL"
                ),
            ]
        );
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_route_to_a_handler_that_the_consumer_has_not_ends_its_start() {
        let folder = folder(
            "handlers",
            "[routes.a]\nfrom = \"*\"\nto = \"handler:invoces\"\n",
        );
        let file = folder.join(NAME).display().to_string();
        let variables = [(PACKAGE_VARIABLE, folder.as_path())];
        let load = |handlers: &[&str]| {
            Loaded::load_with_handlers(Environment::Live, handlers, set(&variables))
        };
        assert_eq!(
            load(&["invoices"]).unwrap_err().to_string(),
            format!(
                "{file}:3: the consumer has no handler `invoces`; did you mean `handler:invoices`?"
            )
        );
        assert!(
            load(&["invoces"])
                .unwrap()
                .configuration
                .routes
                .get("a")
                .is_some()
        );
        // Ingest and sweeper don't know the handlers.
        assert!(Loaded::load(Environment::Live, set(&variables)).is_ok());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn without_a_file_nothing_starts() {
        let fault = Loaded::load(Environment::Live, |_| None).unwrap_err();
        assert_eq!(
            fault.to_string(),
            "there is no landfall.toml to read: neither LANDFALL_CONFIG nor LAMBDA_TASK_ROOT is set"
        );
        let nowhere = Path::new("/nowhere");
        let fault = Loaded::load(Environment::Live, set(&[(PACKAGE_VARIABLE, nowhere)]));
        let text = fault.unwrap_err().to_string();
        assert!(
            text.starts_with("/nowhere/landfall.toml can't be read: "),
            "{text}"
        );
    }

    #[test]
    fn a_digest_is_the_beginning_of_the_sha_256() {
        // NIST's test vector SHA256ShortMsg, Len = 0: e3b0c442 98fc1c14 9afbf4c8 …
        assert_eq!(digest(b""), "e3b0c44298fc");
    }
}
