//! What `landfall check`, the build and a function's start say of a configuration: the same words.

use std::fmt;

use crate::{
    reader::{self, Fault},
    source::Environment,
};

/// How many sources a text configures in each environment, or everything that is wrong with it, in whichever.
pub fn count(text: &str) -> Result<Vec<(Environment, usize)>, Vec<Fault>> {
    Environment::ALL
        .iter()
        .map(|environment| {
            let sources = reader::read(text, *environment)?;
            Ok((*environment, sources.iter().count()))
        })
        .collect()
}

/// The faults of a file, one a line.
#[must_use]
pub fn listed(file: &str, faults: &[Fault]) -> String {
    let lines: Vec<String> = (faults.iter())
        .map(|Fault { line, fault, mend }| format!("{file}:{line}: {fault}; {mend}"))
        .collect();
    lines.join("\n")
}

/// That there is no reading the file at all.
#[must_use]
pub fn unreadable(file: &str, why: &impl fmt::Display) -> String {
    format!("{file} can't be read: {why}")
}

/// That a file is sound, and how much it configures.
#[must_use]
pub fn sound(file: &str, counts: &[(Environment, usize)]) -> String {
    let counts: Vec<String> = (counts.iter())
        .map(|(environment, count)| {
            let noun = if *count == 1 { "source" } else { "sources" };
            format!("{count} {noun} in {}", environment.as_str())
        })
        .collect();
    format!("{file} is sound: {}", counts.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_sound_file_says_how_many_sources_there_are_where() {
        let text = "[sources.a]\nprovider = \"stripe\"\nenvironments = [\"local\", \"test\"]\n\
                    [sources.b]\nprovider = \"github\"\n[sources.b.live]\ntries = 3\n";
        let counts = count(text).unwrap();
        assert_eq!(
            sound("x.toml", &counts),
            "x.toml is sound: 2 sources in local, 2 sources in test, 1 source in live"
        );
    }

    #[test]
    fn a_fault_of_another_environment_is_a_fault() {
        let text = "[sources.b]\nprovider = \"github\"\n[sources.b.live]\ntries = 0\n";
        let faults = reader::read(text, Environment::Local).unwrap_err();
        assert_eq!(
            listed("x.toml", &faults),
            "x.toml:4: `tries` is not a whole number from 1 to 50; write tries = 1"
        );
    }
}
