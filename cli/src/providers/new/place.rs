//! Where the parts of an entry stand, and the lines that name it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::failure::Failure;

/// The files that were written or changed.
pub(super) struct Written(pub(super) Vec<PathBuf>);

const PROVIDERS: &str = "shared/catalogue/src/providers";

/// Writes an entry's file, sample and vectors below this folder, which is the project's, and the lines that name them. What is
/// there already is never written over.
pub(super) fn write(
    root: &Path,
    name: &str,
    entry: &str,
    sample: &Value,
    vectors: &Value,
) -> Result<Written, Failure> {
    let module = module(name);
    let new = [
        (format!("{PROVIDERS}/{module}.rs"), entry.to_owned()),
        (format!("cli/src/samples/{name}.json"), pretty(sample)),
        (format!("tests/vectors/{name}.json"), pretty(vectors)),
    ];
    let lines = [
        (
            format!("{PROVIDERS}/mod.rs"),
            "mod ",
            format!("mod {module};"),
        ),
        (
            format!("{PROVIDERS}/table.rs"),
            "    ",
            format!("    {module}::PROVIDER,"),
        ),
        (
            "cli/src/samples.rs".to_owned(),
            "    (\"",
            format!("    (\"{name}\", include_str!(\"samples/{name}.json\")),"),
        ),
    ];
    let mut changed = Vec::new();
    for (file, begin, line) in lines {
        let path = root.join(file);
        let text = fs::read_to_string(&path).map_err(|_| {
            Failure::usage(format!(
                "{} isn't there: name the folder of the project with --into",
                path.display()
            ))
        })?;
        changed.push((path, with_line(&text, begin, &line)));
    }
    let new = new.map(|(file, text)| (root.join(file), text));
    if let Some((path, _)) = new.iter().find(|(path, _)| path.exists()) {
        return Err(Failure::usage(format!(
            "{} is there already",
            path.display()
        )));
    }
    let mut written = Vec::new();
    for (path, text) in new.into_iter().chain(changed) {
        fs::write(&path, text)
            .map_err(|error| Failure::trouble(format!("{}: {error}", path.display())))?;
        written.push(path);
    }
    Ok(Written(written))
}

/// The name of an entry's module: no identifier begins with a digit, as 360Learning's name does.
pub(super) fn module(name: &str) -> String {
    let module = name.replace('-', "_");
    if module.starts_with(|first: char| first.is_ascii_digit()) {
        return format!("_{module}");
    }
    module
}

/// The text with a further line in its place by the alphabet among those that begin like this, the last run of them.
pub(super) fn with_line(text: &str, begin: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_one = |found: &&str| {
        let rest = found.strip_prefix(begin);
        rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
    };
    let end = lines
        .iter()
        .rposition(is_one)
        .map_or(lines.len(), |at| at + 1);
    let run = lines[..end].iter().rev().take_while(|found| is_one(found));
    let start = end - run.count();
    let sorts_before = |found: &&str| key(found) < key(line);
    let at = start
        + lines[start..end]
            .iter()
            .filter(|found| sorts_before(found))
            .count();
    lines.insert(at, line);
    lines.join("\n") + "\n"
}

/// By what lines are sorted: the name, in which `_` stands for `-`.
fn key(line: &str) -> String {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let line = line.trim_start_matches("mod ");
    let name = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let end = name.find(|c| !is_name(c)).unwrap_or(name.len());
    name[..end].replace('-', "_")
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}
