//! The configuration that a command reads: the file that it is given, or the project's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use catalogue::{Environment, check, reader};
use landfall_aws::config::{self, FILE_VARIABLE};

use crate::{failure::Failure, input::contents};

/// Where a project has it.
const FILE: &str = "infra/landfall.toml";

/// What texts said that were read before, with the environment that they were read for. What is read lives as long as the process
/// does, and the console reads the same file again and again.
static KNOWN: Mutex<BTreeMap<(String, &str), catalogue::Configuration>> =
    Mutex::new(BTreeMap::new());

/// A file, as it was read.
#[derive(Debug)]
pub(crate) struct Configuration {
    /// By which name to speak of it.
    pub(crate) called: String,
    pub(crate) text: String,
}

impl Configuration {
    /// Reads the file that is given, else the one that the environment names, else the project's.
    pub(crate) fn find(given: Option<&Path>) -> Result<Self, Failure> {
        let named = given.map(Path::to_owned).or_else(|| {
            let named = config::environment(FILE_VARIABLE).filter(|named| !named.is_empty());
            named.map(PathBuf::from)
        });
        let file = match named {
            Some(file) => file,
            None => of_the_project().ok_or_else(|| {
                Failure::usage(format!(
                    "which configuration? There is no {FILE} in this folder nor above it: name a file with --config or \
                     {FILE_VARIABLE}"
                ))
            })?,
        };
        let called = match file.to_str() {
            Some("-") => "standard input".to_owned(),
            _ => file.display().to_string(),
        };
        let text = String::from_utf8(contents(&file)?)
            .map_err(|_| Failure::usage(check::unreadable(&called, &"it is not UTF-8")))?;
        Ok(Self { called, text })
    }

    /// What it says for this environment.
    pub(crate) fn read(
        &self,
        environment: Environment,
    ) -> Result<catalogue::Configuration, Failure> {
        let key = (self.text.clone(), environment.as_str());
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(read) = known.get(&key) {
            return Ok(read.clone());
        }
        let read = reader::read(&self.text, environment).map_err(|faults| {
            let faults = check::listed(&self.called, &faults);
            Failure::usage(format!("the configuration is at fault\n{faults}"))
        })?;
        known.insert(key, read.clone());
        Ok(read)
    }
}

/// The file of the project that this folder belongs to, by its path from here where it is not above.
fn of_the_project() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut files = here.ancestors().map(|folder| folder.join(FILE));
    let file = files.find(|file| file.is_file())?;
    Some(file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_again_takes_no_further_memory_and_a_change_is_seen() {
        let file = |text: &str| Configuration {
            called: "a file".into(),
            text: text.into(),
        };
        let name = |text: &str, environment| {
            let read = file(text).read(environment).unwrap();
            let source = read.sources.iter().next().unwrap();
            source.name.as_str()
        };
        let text = "[sources.kept]\nprovider = \"github\"\n";
        let first = name(text, Environment::Live);
        assert_eq!(first, "kept");
        assert_eq!(first.as_ptr(), name(text, Environment::Live).as_ptr());
        assert_ne!(first.as_ptr(), name(text, Environment::Test).as_ptr());
        assert_eq!(name(&text.replace("kept", "new"), Environment::Live), "new");
    }
}
