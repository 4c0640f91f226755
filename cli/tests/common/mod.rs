//! Runs the command line as a user does.
#![allow(dead_code, reason = "each test file uses its part")]

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

/// What the command did.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|_| panic!("{}{}", self.stdout, self.stderr))
    }
}

pub(crate) fn landfall(arguments: &[&str], input: &[u8]) -> Run {
    // No stack and no configuration is found from here, and none is asked for.
    landfall_in(&std::env::temp_dir(), &[], arguments, input)
}

/// The same in this folder, with these variables in its environment.
pub(crate) fn landfall_in(
    folder: &Path,
    variables: &[(&str, &str)],
    arguments: &[&str],
    input: &[u8],
) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_landfall"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("LANDFALL_CONFIG")
        .envs(variables.iter().copied())
        // Help is as wide as the terminal says.
        .env_remove("COLUMNS")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that doesn't read its input may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The vectors of the repository.
pub(crate) fn vectors() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors");
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            // Those of handshakes are no deliveries.
            path.extension()
                .is_some_and(|extension| extension == "json")
                && path.file_stem().is_none_or(|name| name != "handshakes")
        })
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|file| {
            serde_json::from_slice::<Vec<Value>>(&std::fs::read(file).unwrap()).unwrap()
        })
        .collect()
}

/// The vector of this name.
pub(crate) fn vector(provider: &str, name: &str) -> Value {
    vectors()
        .into_iter()
        .find(|vector| vector["provider"] == provider && vector["name"] == name)
        .unwrap()
}

/// A vector's body.
pub(crate) fn body(vector: &Value) -> Vec<u8> {
    STANDARD
        .decode(vector["body_b64"].as_str().unwrap())
        .unwrap()
}

/// The arguments that state a vector's delivery; its body goes to standard input.
pub(crate) fn arguments(command: &str, vector: &Value) -> Vec<String> {
    let mut arguments = vec![
        command.to_owned(),
        "--provider".into(),
        vector["provider"].as_str().unwrap().into(),
        "--body-file".into(),
        "-".into(),
    ];
    let mut option = |name: &str, value: String| arguments.extend([name.to_owned(), value]);
    match &vector["secret"] {
        Value::Array(secrets) => {
            for secret in secrets {
                option("--secret", secret.as_str().unwrap().into());
            }
        }
        secret => option("--secret", secret.as_str().unwrap().into()),
    }
    for version in vector["versions"].as_array().into_iter().flatten() {
        option("--versions", version.as_str().unwrap().into());
    }
    for (name, value) in vector["settings"].as_object().into_iter().flatten() {
        option("--setting", format!("{name}={}", value.as_str().unwrap()));
    }
    for (name, value) in vector["headers"].as_object().unwrap() {
        option("--header", format!("{name}: {}", value.as_str().unwrap()));
    }
    for (name, key) in [
        ("--url", "url"),
        ("--entered-url", "entered_url"),
        ("--method", "method"),
    ] {
        if let Some(text) = vector[key].as_str() {
            option(name, text.into());
        }
    }
    // The clock of a vector that names none is 1970: it says nothing of the time, where one is signed.
    let now = vector["now_unix"].as_i64().unwrap_or_default();
    option("--now", now.to_string());
    if let Some(seconds) = vector["tolerance_s"].as_i64() {
        option("--tolerance", seconds.to_string());
    }
    arguments
}

pub(crate) fn run_vector(command: &str, vector: &Value, more: &[&str]) -> Run {
    let arguments = arguments(command, vector);
    let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    arguments.extend(more);
    landfall(&arguments, &body(vector))
}

/// A file in a folder of this test run's own.
pub(crate) fn file(name: &str, contents: &[u8]) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let path = folder.join(name);
    std::fs::write(&path, contents).unwrap();
    path.to_str().unwrap().to_owned()
}
