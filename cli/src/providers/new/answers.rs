//! What is asked of whoever begins an entry: by flags, or at the terminal.

use std::{fmt::Write as _, io::IsTerminal as _};

use catalogue::{Environment, PROVIDERS, Scheme, Source, reader};

use crate::{args::GivenNewProvider, describe, failure::Failure, print};

/// What is known of a provider to begin with.
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) docs: String,
    /// The lines of a `[sources.name]` table and of its scheme: whatever a source may say, an entry may.
    toml: String,
}

/// The name of the one source in the text that the answers make.
const SOURCE: &str = "new";

impl Answers {
    /// The answers that were given, and those that somebody gives now. A scheme that is known isn't asked for.
    pub(super) fn read(given: &GivenNewProvider, known: Option<Scheme>) -> Result<Self, Failure> {
        let name = given.name.clone();
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if name.is_empty()
            || name.starts_with(|c: char| !c.is_ascii_lowercase())
            || !name.bytes().all(fits)
        {
            return Err(Failure::usage(format!(
                "`{name}` is no name of an entry: small letters, digits and `-`, a letter first"
            )));
        }
        if PROVIDERS.iter().any(|provider| provider.name == name) {
            return Err(Failure::usage(format!(
                "the catalogue has `{name}` already: `landfall providers {name}`"
            )));
        }
        let title = answer(given.title.as_ref(), "--title", "The name that people use")?;
        let docs = answer(
            given.docs.as_ref(),
            "--docs",
            "The page that documents its webhooks (https://…)",
        )?;
        if !docs.starts_with("https://") {
            return Err(Failure::usage(format!("`{docs}` is no page over HTTPS")));
        }
        let scheme = match known {
            Some(scheme) => describe::toml(&scheme, None).join("\n"),
            None => spelled_out(given)?,
        };
        let mut toml = format!("[sources.{SOURCE}]\n");
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        let texts = [
            ("event_id", &given.event_id),
            ("event_type", &given.event_type),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                let _ = writeln!(toml, "{key} = {}", quoted(text));
            }
        }
        let _ = writeln!(toml, "[sources.{SOURCE}.scheme]\n{scheme}");
        Ok(Self {
            name,
            title,
            docs,
            toml,
        })
    }

    /// The source that a configuration with these answers has, or what is wrong with them.
    pub(super) fn source(&self) -> Result<Source, Failure> {
        let read = reader::read(&self.toml, Environment::Local).map_err(|faults| {
            let told: Vec<String> = faults
                .iter()
                .map(|fault| format!("{}; {}", fault.fault, fault.mend))
                .collect();
            Failure::usage(told.join("\n"))
        })?;
        let source = read.sources.get(SOURCE).cloned();
        source.ok_or_else(|| Failure::trouble("the answers make no source"))
    }
}

/// The scheme in the words of `landfall.toml`.
fn spelled_out(given: &GivenNewProvider) -> Result<String, Failure> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let header = answer(
        given.header.as_ref(),
        "--header",
        "The header with the signature",
    )?;
    let mut field = format!("header = {}", quoted(&header));
    if let Some(separator) = &given.split {
        let _ = write!(field, ", split = {}", quoted(separator));
    }
    if let Some(prefix) = &given.prefix {
        let _ = write!(field, ", prefix = {}", quoted(prefix));
    }
    let mut lines = vec![
        format!("algorithm = {}", quoted(&given.algorithm)),
        format!("key = {}", quoted(&given.key)),
        format!("signature = {{ {field} }}"),
        format!("encoding = {}", quoted(&given.encoding)),
    ];
    if given.algorithm != "token" {
        lines.push(format!("message = {}", quoted(&given.message)));
    }
    if let Some(header) = &given.timestamp_header {
        lines.push(format!(
            "timestamp = {{ header = {}, unit = {} }}\ntolerance = 300",
            quoted(header),
            quoted(&given.unit)
        ));
    }
    Ok(lines.join("\n"))
}

/// What was given, or what somebody answers.
fn answer(given: Option<&String>, flag: &str, question: &str) -> Result<String, Failure> {
    if let Some(text) = given {
        return Ok(text.clone());
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(format!(
            "{question}? Give {flag}, where nobody can be asked"
        )));
    }
    print::ask(&format!("{question}: "));
    let mut text = String::new();
    std::io::stdin()
        .read_line(&mut text)
        .map_err(|error| Failure::trouble(format!("the answer can't be read: {error}")))?;
    match text.trim() {
        "" => Err(Failure::usage(format!("{flag} has no answer"))),
        text => Ok(text.to_owned()),
    }
}
