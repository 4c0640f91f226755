//! The parameters that a section of `samconfig.toml` gives, read as SAM reads them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml::de::{DeTable, DeValue};

use crate::failure::Failure;

/// Where a project has it.
const FILE: &str = "samconfig.toml";

/// By which name to speak of the file, and what the section's deployment gives.
pub(super) fn read(section: &str) -> Result<(String, BTreeMap<String, String>), Failure> {
    let file = of_the_project().ok_or_else(|| {
        Failure::usage(format!(
            "which deployment? There is no {FILE} in this folder nor above it"
        ))
    })?;
    let called = file.display().to_string();
    let text = std::fs::read_to_string(&file)
        .map_err(|error| Failure::usage(format!("{called} can't be read: {error}")))?;
    let given = of(&text, section).map_err(|why| Failure::usage(format!("{called}: {why}")))?;
    Ok((format!("{called} [{section}]"), given))
}

/// The file of the project that this folder belongs to, by its path from here where it is not above.
fn of_the_project() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let mut files = here.ancestors().map(|folder| folder.join(FILE));
    let file = files.find(|file| file.is_file())?;
    Some(file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file))
}

/// What a section's deployment gives, in a text.
fn of(text: &str, section: &str) -> Result<BTreeMap<String, String>, String> {
    let table =
        DeTable::parse(text).map_err(|error| format!("it is no TOML: {}", error.message()))?;
    let own = table.get_ref().get(section).map(toml::Spanned::get_ref);
    let own = own.ok_or_else(|| format!("there is no section `{section}`"))?;
    let overrides = |command: &str| {
        let parameters = own.get(command)?.get_ref().get("parameters")?.get_ref();
        Some(parameters.get("parameter_overrides")?.get_ref())
    };
    match overrides("deploy").or_else(|| overrides("global")) {
        None => Ok(BTreeMap::new()),
        Some(DeValue::String(text)) => pairs(text),
        Some(DeValue::Table(table)) => {
            let value = |value: &DeValue<'_>| match value {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.to_string(),
                DeValue::Boolean(is) => is.to_string(),
                _ => String::new(),
            };
            Ok(table
                .iter()
                .map(|(name, found)| (name.get_ref().to_string(), value(found.get_ref())))
                .collect())
        }
        Some(DeValue::Array(list)) => {
            let mut given = BTreeMap::new();
            for item in list {
                let item = item.get_ref().as_str().unwrap_or_default();
                given.extend(pairs(item)?);
            }
            Ok(given)
        }
        Some(_) => Err("`parameter_overrides` is neither a text, a list nor a table".to_owned()),
    }
}

/// `Name=value` after `Name=value`: a value with spaces stands in double quotes, in which a backslash takes the next letter as
/// it is.
fn pairs(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut given = BTreeMap::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (name, after) = rest
            .split_once('=')
            .ok_or_else(|| format!("`parameter_overrides` has `{rest}`, which is no Name=value"))?;
        let (value, after) = value(after);
        given.insert(name.to_owned(), value);
        rest = after.trim_start();
    }
    Ok(given)
}

/// A value, and what comes after it.
fn value(text: &str) -> (String, &str) {
    let (quoted, text) = match text.strip_prefix('"') {
        Some(text) => (true, text),
        None => (false, text),
    };
    let mut value = String::new();
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            '"' if quoted => return (value, &text[at + 1..]),
            letter if !quoted && letter.is_whitespace() => return (value, &text[at..]),
            letter => value.push(letter),
        }
    }
    (value, "")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        of(text, "live").unwrap().into_iter().collect()
    }

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.into(), value.into())
    }

    #[test]
    fn each_way_of_writing_them_is_read() {
        let expected = [pair("Environment", "live"), pair("Tries", "9")];
        for written in [
            r#"["Environment=live", "Tries=9"]"#,
            r#""Environment=live Tries=9""#,
            r#"'Environment="live" Tries=9'"#,
            r#"{ Environment = "live", Tries = 9 }"#,
        ] {
            for command in ["deploy", "global"] {
                let text =
                    format!("[live.{command}.parameters]\nparameter_overrides = {written}\n");
                assert_eq!(read(&text), expected, "{text}");
            }
        }
    }

    #[test]
    fn json_is_read_as_the_readme_writes_it() {
        let text = r#"[live.deploy.parameters]
            parameter_overrides = ['HandlerSettings="{\"url\": \"https://a.example/v1\"}"', "Tries=9"]"#;
        let expected = [
            pair("HandlerSettings", r#"{"url": "https://a.example/v1"}"#),
            pair("Tries", "9"),
        ];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn the_deployments_own_parameters_count_more_than_those_of_all_commands() {
        let text = "[live.global.parameters]\nparameter_overrides = \"Tries=8\"\n\
                    [live.deploy.parameters]\nparameter_overrides = \"Tries=9\"\n";
        assert_eq!(read(text), [pair("Tries", "9")]);
        assert_eq!(read("[live.deploy.parameters]\nregion = \"a\"\n"), []);
    }

    #[test]
    fn what_cant_be_read_is_named() {
        assert_eq!(
            of("[test.deploy]\n", "live").unwrap_err(),
            "there is no section `live`"
        );
        assert!(
            of("[live", "live")
                .unwrap_err()
                .starts_with("it is no TOML")
        );
        let text = "[live.deploy.parameters]\nparameter_overrides = [\"Tries\"]\n";
        assert!(of(text, "live").unwrap_err().contains("`Tries`"));
    }
}
