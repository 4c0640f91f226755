//! A command in words: as a page runs it, and as it shows it.

use clap::Parser as _;
use serde_json::Value;

use crate::{
    args::{Cli, GivenStack},
    failure::Failure,
    print::{self, Notes},
};

/// A command of this program. What is in it came from the console's own pages: a browser only fills in values.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    command: Vec<String>,
    options: Vec<String>,
    /// What stands behind the options, whatever it begins with.
    names: Vec<String>,
    /// Options that a person at a terminal is asked about instead.
    unshown: Vec<String>,
    /// What it reads from standard input.
    input: Vec<u8>,
    is_raw: bool,
}

/// What a command said.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// The values that it printed, a line each.
    pub(super) values: Vec<Value>,
    /// The bytes that it printed, where it prints no values.
    pub(super) bytes: Vec<u8>,
    /// What it noted beside them.
    pub(super) notes: Vec<String>,
    /// Why it could not do it.
    pub(super) failure: Option<String>,
}

impl Said {
    /// The value that it printed.
    pub(super) fn value(&self) -> &Value {
        self.values.first().unwrap_or(&Value::Null)
    }
}

impl Words {
    /// A command by its names, such as `events list`.
    pub(super) fn new(command: &str) -> Self {
        Self {
            command: command.split(' ').map(str::to_owned).collect(),
            ..Self::default()
        }
    }

    /// With this option, unless its value says nothing.
    pub(super) fn option(mut self, name: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.options.push(format!("--{name}={value}"));
        }
        self
    }

    /// With this flag, if that is so.
    pub(super) fn flag(mut self, name: &str, is_set: bool) -> Self {
        if is_set {
            self.options.push(format!("--{name}"));
        }
        self
    }

    /// With this flag, which the command isn't shown with.
    pub(super) fn unshown(mut self, name: &str) -> Self {
        self.unshown.push(format!("--{name}"));
        self
    }

    /// With this name behind the options, unless it says nothing.
    pub(super) fn name(mut self, name: &str) -> Self {
        if !name.is_empty() {
            self.names.push(name.to_owned());
        }
        self
    }

    /// With this on its standard input.
    pub(super) fn input(mut self, input: &[u8]) -> Self {
        self.input = input.to_vec();
        self
    }

    /// It prints bytes, and no JSON.
    pub(super) fn raw(mut self) -> Self {
        self.is_raw = true;
        self
    }

    /// As it is written in a shell.
    pub(super) fn shown(&self, stack: &GivenStack) -> String {
        let of_stack = self.of_stack(stack);
        let (names, options) = (self.names.iter(), self.options.iter());
        let end = "--".to_owned();
        let words: Vec<&String> = of_stack.iter().chain(&self.command).collect();
        // A name that begins like an option stands behind all of them.
        let rest: Vec<&String> = if self.names.iter().any(|name| name.starts_with('-')) {
            options.chain([&end]).chain(names).collect()
        } else {
            names.chain(options).collect()
        };
        let words = words.into_iter().chain(rest).map(|word| quoted(word));
        let words: Vec<String> = ["landfall".to_owned()].into_iter().chain(words).collect();
        words.join(" ")
    }

    /// The options that say which stack is meant.
    fn of_stack(&self, stack: &GivenStack) -> Vec<String> {
        let has_config = self
            .options
            .iter()
            .any(|option| option.starts_with("--config="));
        let config = stack.config.as_ref().filter(|_| !has_config);
        let config = config.map(|file| file.display().to_string());
        let all = [
            ("stack", stack.stack.as_ref()),
            ("region", stack.region.as_ref()),
            ("profile", stack.profile.as_ref()),
            ("config", config.as_ref()),
        ];
        let said = all.into_iter();
        said.filter_map(|(name, value)| Some(format!("--{name}={}", value?)))
            .collect()
    }

    /// Runs it on this thread.
    pub(super) fn run(&self, stack: &GivenStack) -> Said {
        self.run_noting(stack, &Notes::default())
    }

    /// Runs it on this thread; another one may look at its notes.
    pub(super) fn run_noting(&self, stack: &GivenStack, notes: &Notes) -> Said {
        let mut words = vec!["landfall".to_owned()];
        words.extend(self.of_stack(stack));
        words.extend(self.command.iter().cloned());
        words.extend(self.options.iter().chain(&self.unshown).cloned());
        words.extend((!self.is_raw).then(|| "--json".to_owned()));
        words.push("--".to_owned());
        words.extend(self.names.iter().cloned());
        let ran = || match Cli::try_parse_from(words) {
            Ok(cli) => crate::run(cli).map(drop),
            Err(error) => Err(Failure::usage(first_line(&error.render().to_string()))),
        };
        let (done, printed) = print::captured(self.input.clone(), notes, ran);
        let failure = done.err();
        let failure = failure.map(|failure| failure.told(print::manner().verbose));
        let mut said = Said {
            notes: notes.all(),
            failure,
            ..Said::default()
        };
        if self.is_raw {
            said.bytes = printed;
        } else {
            let text = String::from_utf8_lossy(&printed);
            let lines = text.lines();
            said.values = lines
                .filter_map(|line| serde_json::from_str(line).ok())
                .collect();
        }
        said
    }
}

/// What is wrong, without how the command is used.
fn first_line(usage: &str) -> String {
    let line = usage.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let quoted = word.replace('\'', "'\\''");
    // An option's name stands before the quote, where it is read best.
    match quoted.split_once('=') {
        Some((name, value)) if name.starts_with("--") && name.chars().all(is_plain) => {
            format!("{name}='{value}'")
        }
        _ => format!("'{quoted}'"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack() -> GivenStack {
        GivenStack {
            stack: Some("landfall-live".to_owned()),
            region: None,
            profile: Some("my work".to_owned()),
            config: None,
        }
    }

    #[test]
    fn a_command_is_shown_as_a_shell_reads_it_and_without_what_a_person_is_asked() {
        let words = Words::new("events replay")
            .name("stripe")
            .option("error", "it's 503; $(x)")
            .option("type", "")
            .flag("again", true)
            .unshown("yes");
        assert_eq!(
            words.shown(&stack()),
            "landfall --stack=landfall-live --profile='my work' events replay stripe --error='it'\\''s 503; $(x)' --again"
        );
        let hidden = Words::new("events show").name("s").name("--raw");
        let shown = hidden.flag("no-body", true).shown(&stack());
        assert!(
            shown.ends_with("events show --no-body -- s --raw"),
            "{shown}"
        );
    }

    #[test]
    fn a_value_is_never_read_as_an_option() {
        // `providers` needs no stack. Were the name an option, it would print the page of the docs.
        let said = Words::new("providers").name("--markdown").run(&stack());
        assert!(said.values.is_empty());
        let failure = said.failure.unwrap_or_default();
        assert!(failure.contains("--markdown"), "{failure}");
    }

    #[test]
    fn what_a_command_prints_comes_back_as_values_and_what_is_wrong_in_its_words() {
        let said = Words::new("providers").name("stripe").run(&stack());
        assert_eq!(said.value()[0]["name"], "stripe");
        assert_eq!(said.failure, None);
        let said = Words::new("events list")
            .option("since", "yesterday")
            .run(&stack());
        let failure = said.failure.unwrap_or_default();
        assert!(
            failure.contains("how long ago") && !failure.contains("Usage"),
            "{failure}"
        );
    }

    #[test]
    fn a_configuration_that_is_named_counts_more_than_the_consoles() {
        let stack = GivenStack {
            config: Some("a.toml".into()),
            ..stack()
        };
        let words = Words::new("routes test");
        assert!(words.shown(&stack).contains("--config=a.toml"));
        let words = words.option("config", "-");
        assert!(!words.shown(&stack).contains("a.toml"));
    }
}
