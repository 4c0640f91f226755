//! Runs commands of this program.

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use crate::{args::GivenStack, failure::Failure};

/// What a command came to.
pub(super) struct Ran {
    pub(super) status: i32,
    /// What it printed: JSON.
    pub(super) out: String,
    /// What it said beside that.
    pub(super) notes: Vec<String>,
}

/// What runs commands.
pub(super) trait Runs {
    /// Runs the command of these words. An error: it can't be started.
    fn run(&self, words: &[String]) -> Result<Ran, String>;
}

/// This program, for one stack.
pub(super) struct Program {
    file: PathBuf,
    /// What stands before each command's words.
    before: Vec<String>,
}

impl Program {
    /// The program that runs now, with what it was told of the stack.
    pub(super) fn this(stack: &GivenStack) -> Result<Self, Failure> {
        let file = std::env::current_exe()
            .map_err(|error| Failure::trouble(format!("this program isn't found: {error}")))?;
        let config = stack.config.as_ref().map(|file| file.display().to_string());
        let named = [
            ("stack", &stack.stack),
            ("region", &stack.region),
            ("profile", &stack.profile),
            ("config", &config),
        ];
        let named = named
            .iter()
            .filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?)));
        let before = ["--json".to_owned()].into_iter().chain(named).collect();
        Ok(Self { file, before })
    }
}

impl Runs for Program {
    fn run(&self, words: &[String]) -> Result<Ran, String> {
        let ran = Command::new(&self.file)
            .args(&self.before)
            .args(words)
            // Nobody can be asked.
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("the command can't be started: {error}"))?;
        let notes = String::from_utf8_lossy(&ran.stderr);
        let notes = notes
            .lines()
            .map(|line| line.trim_start_matches("landfall: "));
        Ok(Ran {
            status: ran.status.code().unwrap_or(1),
            out: String::from_utf8_lossy(&ran.stdout).into_owned(),
            notes: notes.map(str::to_owned).collect(),
        })
    }
}
