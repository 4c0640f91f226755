//! Reads the files that a command is given, or standard input.

use std::{io::Read as _, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use webhook::keys::Secret;

use crate::{failure::Failure, print};

/// A secret's text. It is never printed.
pub(crate) struct GivenSecret {
    pub(crate) text: String,
    /// By which name to speak of it.
    pub(crate) label: String,
}

impl std::fmt::Debug for GivenSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GivenSecret({})", self.label)
    }
}

impl GivenSecret {
    pub(crate) fn secret(&self) -> Secret {
        Secret::new(self.text.clone(), self.label.clone())
    }
}

/// One line end is dropped, for editors and `echo` write one that isn't part of the secret.
pub(crate) fn secret_file(file: &Path) -> Result<GivenSecret, Failure> {
    let mut bytes = contents(file)?;
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    let label = format!("--secret-file {}", file.display());
    // Certificates and keys are handed out in binary, too; their text is base64.
    let text = String::from_utf8(bytes).unwrap_or_else(|binary| STANDARD.encode(binary.as_bytes()));
    Ok(GivenSecret { text, label })
}

/// A file's bytes, or those of standard input.
pub(crate) fn contents(file: &Path) -> Result<Vec<u8>, Failure> {
    let read = if file.as_os_str() == "-" {
        if let Some(bytes) = print::input() {
            return Ok(bytes);
        }
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .map(|_| bytes)
    } else {
        std::fs::read(file)
    };
    read.map_err(|error| Failure::usage(format!("{} can't be read: {error}", file.display())))
}
