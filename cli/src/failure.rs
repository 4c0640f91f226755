//! Why a command could not do what it was asked for.

use std::{fmt, process::ExitCode};

use protocol::fault::Fault;

/// A text for the person at the terminal: what is wrong, and what to do about it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command was not given what it needs. Exit status 2, as for every error in the arguments.
    Usage(String),
    /// The world did not play along. Exit status 1.
    Trouble(String),
}

impl Failure {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn trouble(text: impl Into<String>) -> Self {
        Self::Trouble(text.into())
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Trouble(_) => ExitCode::from(1),
        }
    }
}

/// A call that failed is the world's doing. Something may be done about it all the same.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let mut text = fault.to_string();
        if text.contains("credentials") {
            text += ". Log in as for the AWS CLI (`aws sso login`, `aws login`), or name a profile with --profile";
        } else if text.contains("dispatch failure") {
            text += ". Is the stack running? `make up` starts the local one";
        }
        Self::Trouble(text)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Usage(text) | Self::Trouble(text)) = self;
        f.write_str(text)
    }
}
