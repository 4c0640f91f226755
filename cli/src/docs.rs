//! Every code block of the documentation can be used as it stands: commands are parsed as this command and make
//! read them, configuration by its reader, JSON by a parser. The README's handler is compiled with the consumer's
//! tests, and `tests/stack/test_readme.py` runs what can be run on the local stack.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use catalogue::{Environment, reader};
use clap::{Parser as _, error::ErrorKind};

use crate::args::Cli;

/// Other programs that the documentation names. Their options are looked at by `tests/stack/test_readme.py`.
const PROGRAMS: [&str; 17] = [
    "aws",
    "base64",
    "cargo",
    "chmod",
    "cut",
    "echo",
    "export",
    "gh",
    "git",
    "jq",
    "npm",
    "openssl",
    "pass",
    "pip",
    "printf",
    "sam",
    "sha256sum",
];

/// A code block: where it stands, its language, its text.
struct Block {
    place: String,
    language: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages, each with its name.
fn pages() -> Vec<(String, String)> {
    let mut folders = vec![root().join("docs")];
    let mut files: Vec<PathBuf> = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
        .map(|name| root().join(name))
        .into();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                files.push(path);
            }
        }
    }
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path.display().to_string(), text)
    };
    files.into_iter().map(read).collect()
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    for (page, text) in pages() {
        let mut open: Option<Block> = None;
        for (number, line) in (1..).zip(text.lines()) {
            let fence = line.trim_start().strip_prefix("```");
            match (&mut open, fence) {
                (None, Some(language)) => {
                    open = Some(Block {
                        place: format!("{page}:{number}"),
                        language: language.to_owned(),
                        text: String::new(),
                    });
                }
                (Some(_), Some(_)) => blocks.extend(open.take()),
                (Some(block), None) => block.text.extend([line, "\n"]),
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{page}: a code block has no end");
    }
    blocks
}

fn of(language: &str) -> Vec<Block> {
    let mut blocks = blocks();
    blocks.retain(|block| block.language == language);
    assert!(!blocks.is_empty());
    blocks
}

/// The simple commands of a script, word by word, without redirections.
fn commands(script: &str) -> Vec<Vec<String>> {
    let mut commands = vec![Vec::new()];
    let (mut word, mut quote, mut letters) = (None::<String>, None, script.chars().peekable());
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, '\\') if letters.peek() == Some(&'\n') => {
                letters.next();
            }
            (None, '#') if word.is_none() => {
                while letters.next_if(|&next| next != '\n').is_some() {}
            }
            (None, ' ' | '\n' | '|' | '&' | ';') => {
                let command = commands.last_mut().unwrap();
                command.extend(word.take());
                if letter != ' ' {
                    commands.push(Vec::new());
                }
            }
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    commands.last_mut().unwrap().extend(word);
    for command in &mut commands {
        if let Some(redirection) = command.iter().position(|word| word == ">" || word == "<") {
            command.truncate(redirection);
        }
    }
    // `for NAME in …; do COMMAND; done`
    for command in &mut commands {
        if command.first().is_some_and(|word| word == "do") {
            command.remove(0);
        }
    }
    commands.retain(|command| {
        !matches!(
            command.first().map(String::as_str),
            None | Some("for" | "done")
        )
    });
    commands
}

/// The makefile's targets and variables.
fn is_made(words: &[String]) -> bool {
    let makefile = std::fs::read_to_string(root().join("Makefile")).unwrap();
    words.iter().all(|word| match word.split_once('=') {
        Some((variable, _)) => makefile.contains(&format!("\n{variable} ?=")),
        None => makefile.contains(&format!("\n{word}: ")),
    })
}

#[test]
fn every_block_is_of_a_language_that_is_checked() {
    for Block {
        place, language, ..
    } in blocks()
    {
        let known = ["json", "rust", "sh", "text", "toml"].contains(&language.as_str());
        assert!(known, "{place}: `{language}`");
        // The consumer's tests compile those of the README, and the tests' own consumer those of the guide.
        let compiled = ["README.md", "docs/handlers.md"];
        let is_compiled = compiled.iter().any(|page| place.contains(page));
        assert!(language != "rust" || is_compiled, "{place}");
    }
}

#[test]
fn every_command_can_be_given() {
    for block in of("sh") {
        for command in commands(&block.text) {
            let place = &block.place;
            match command[0].as_str() {
                "landfall" => {
                    let parsed = Cli::try_parse_from(&command);
                    assert!(
                        parsed.is_ok(),
                        "{place}: {command:?}: {}",
                        parsed.unwrap_err()
                    );
                }
                "make" => assert!(is_made(&command[1..]), "{place}: {command:?}"),
                program => assert!(PROGRAMS.contains(&program), "{place}: {program}"),
            }
        }
    }
}

/// In a sentence a command may be named by its first words.
#[test]
fn every_command_within_a_sentence_is_one() {
    for (page, text) in pages() {
        for code in text.split('`').skip(1).step_by(2) {
            let words = commands(code);
            match words.first().map(Vec::as_slice) {
                Some([program, rest @ ..]) if program == "landfall" && !rest.is_empty() => {
                    let unfinished = [
                        ErrorKind::MissingRequiredArgument,
                        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
                        ErrorKind::DisplayHelp,
                    ];
                    let error = Cli::try_parse_from(&words[0]).err();
                    let is_one = error
                        .as_ref()
                        .is_none_or(|error| unfinished.contains(&error.kind()));
                    assert!(is_one, "{page}: `{code}`: {}", error.unwrap());
                }
                Some([program, rest @ ..]) if program == "make" => {
                    assert!(is_made(rest), "{page}: `{code}`");
                }
                _ => {}
            }
        }
    }
}

/// How a block begins that is added to what infra/landfall.toml has, and what of that it needs.
const ADDED: (&str, &str) = (
    "# Beside the source `orum`",
    "[sources.orum]\nprovider = \"orum\"\n",
);

#[test]
fn every_source_can_be_read() {
    for Block {
        place, mut text, ..
    } in of("toml")
    {
        if text.starts_with(ADDED.0) {
            text.insert_str(0, ADDED.1);
        }
        for environment in Environment::ALL {
            let read = reader::read(&text, environment);
            assert!(read.is_ok(), "{place}: {:?}", read.unwrap_err());
        }
    }
}

#[test]
fn every_json_text_is_one() {
    for Block { place, text, .. } in of("json") {
        assert!(
            serde_json::from_str::<serde_json::Value>(&text).is_ok(),
            "{place}"
        );
    }
}

/// Addresses in examples are of those that are kept for documentation (RFC 5737 and 3849): whoever copies an
/// example lets nobody in, and doesn't lock out a provider by one of its many addresses.
#[test]
fn examples_of_addresses_are_nobodys() {
    let documentation = ["192.0.2.", "198.51.100.", "203.0.113.", "2001:db8:"];
    let mut seen = 0;
    let blocks = (blocks().into_iter())
        .filter(|block| block.language != "rust")
        .map(|block| (block.place, block.text));
    // What a provider publishes stands in no code block.
    let rows = pages().into_iter().flat_map(|(page, text)| {
        let rows: Vec<_> = (text.lines())
            .filter(|line| line.starts_with('|') && line.contains("source_ips"))
            .map(|line| (page.clone(), line.to_owned()))
            .collect();
        rows
    });
    for (place, text) in blocks.chain(rows) {
        for word in
            text.split(|letter: char| !(letter.is_ascii_hexdigit() || ".:/".contains(letter)))
        {
            let address = word.split('/').next().unwrap();
            if address.parse::<std::net::IpAddr>().is_err() || address == "127.0.0.1" {
                continue;
            }
            seen += 1;
            let is_nobodys = documentation
                .iter()
                .any(|beginning| address.starts_with(beginning));
            assert!(is_nobodys, "{place}: {address}");
        }
    }
    assert!(seen > 3, "{seen}");
}

#[test]
fn a_script_is_taken_apart_as_a_shell_does() {
    let script = "# a comment\necho '{\"a\": 1}' | landfall send \\\n  --type \"a b\" > out && make up PORT=1 &\n";
    let found = commands(script);
    let expected: [&[&str]; 3] = [
        &["echo", "{\"a\": 1}"],
        &["landfall", "send", "--type", "a b"],
        &["make", "up", "PORT=1"],
    ];
    assert_eq!(found, expected);
}
