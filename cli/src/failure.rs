//! Why a command could not do what it was asked for.

use std::{fmt, process::ExitCode};

use protocol::fault::{Fault, FaultKind};

/// A text for the person at the terminal: what is wrong, and what to do about it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command was not given what it needs. Exit status 2, as for every error in the arguments.
    Usage(String),
    /// The world did not play along. Exit status 1.
    Trouble(String),
    /// The same, in our words; behind them those of AWS, for those who ask. Exit status 1.
    Aws { words: String, said: String },
}

impl Failure {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::Usage(text.into())
    }

    pub(crate) fn trouble(text: impl Into<String>) -> Self {
        Self::Trouble(text.into())
    }

    /// Why AWS could not be asked about this region. One that doesn't exist has no address.
    pub(crate) fn in_region(region: &str, fault: Fault) -> Self {
        if !fault.text.contains("dns error") {
            return fault.into();
        }
        Self::Aws {
            words: format!(
                "AWS has no known address for `{region}` ({}): is that a region, and is there a network?",
                fault.step
            ),
            said: fault.to_string(),
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        match self {
            Self::Usage(_) => ExitCode::from(2),
            Self::Trouble(_) | Self::Aws { .. } => ExitCode::from(1),
        }
    }

    /// The text; of AWS's own words a hint at least.
    pub(crate) fn told(&self, verbose: bool) -> String {
        match self {
            Self::Aws { words, said } if verbose => format!("{words}\nAWS said: {said}"),
            Self::Aws { words, .. } => format!("{words} (--verbose: in AWS's words)"),
            Self::Usage(text) | Self::Trouble(text) => text.clone(),
        }
    }
}

/// A call that failed is the world's doing. Something may be done about it all the same.
impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        let said = fault.to_string();
        match in_words(&fault) {
            Some(words) => Self::Aws { words, said },
            None => Self::Trouble(said),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.told(false))
    }
}

/// How to get credentials.
const LOG_IN: &str =
    "log in as for the AWS CLI (`aws sso login`, `aws login`), or name a profile with --profile";

/// What a fault means to a person. `None`: it says it itself.
fn in_words(Fault { kind, step, text }: &Fault) -> Option<String> {
    let begins = |codes: &[&str]| codes.iter().any(|code| text.starts_with(code));
    Some(match kind {
        FaultKind::Denied if begins(&["ExpiredToken", "RequestExpired"]) => {
            format!("your AWS session has ended ({step}): {LOG_IN}")
        }
        FaultKind::Denied if begins(&["AccessDenied", "AuthorizationError", "NotAuthorized"]) => {
            match text.split_once("to perform: ") {
                Some((_, rest)) => {
                    let action = rest.split_whitespace().next().unwrap_or_default();
                    format!("you may not do that ({step}): your role lacks {action}")
                }
                None => format!("you may not do that ({step}): your role lacks a permission"),
            }
        }
        FaultKind::Denied => format!("AWS doesn't take these credentials ({step}): {LOG_IN}"),
        FaultKind::Throttled => {
            format!("AWS has had too many calls for now ({step}): try again in a minute")
        }
        FaultKind::TimedOut => format!("no answer came in time ({step}): is there a network?"),
        FaultKind::Other if undefined_profile(text).is_some() => {
            let profile = undefined_profile(text).unwrap_or_default();
            format!(
                "there is no AWS profile `{profile}`: `aws configure list-profiles` has those that there are"
            )
        }
        // What is found of a profile that only names a region, and without the files of the AWS CLI.
        FaultKind::Other
            if text.contains("no credentials found")
                || text.ends_with("the credential provider was not enabled") =>
        {
            format!("there are no AWS credentials ({step}): {LOG_IN}")
        }
        FaultKind::Other if text.contains("credential") => {
            format!("AWS credentials can't be had ({step}): {LOG_IN}")
        }
        FaultKind::Other if text.contains("dispatch failure") => format!(
            "nothing answers ({step}). Is the stack running? `make up` starts the local one"
        ),
        FaultKind::Other
            if begins(&[
                "ResourceNotFoundException",
                "NoSuchBucket",
                "AWS.SimpleQueueService.NonExistentQueue",
                "QueueDoesNotExist",
            ]) =>
        {
            format!(
                "a part of the stack isn't there ({step}): was it taken down, or is this another region?"
            )
        }
        FaultKind::Absent | FaultKind::Malformed | FaultKind::Other => return None,
    })
}

/// The profile that isn't there.
fn undefined_profile(text: &str) -> Option<&str> {
    let (before, _) = text.split_once("` was not defined")?;
    before.rsplit_once("profile `").map(|(_, profile)| profile)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(kind: FaultKind, text: &str, verbose: bool) -> String {
        Failure::from(Fault::new(kind, "reading the index", text)).told(verbose)
    }

    #[test]
    fn a_person_is_told_what_to_do_and_aws_words_come_when_they_are_asked_for() {
        let denied = "AccessDeniedException: User: arn:aws:iam::1:user/x is not authorized to perform: dynamodb:Query \
                      on resource: y";
        let words = "you may not do that (reading the index): your role lacks dynamodb:Query";
        assert_eq!(
            told(FaultKind::Denied, denied, false),
            format!("{words} (--verbose: in AWS's words)")
        );
        assert_eq!(
            told(FaultKind::Denied, denied, true),
            format!("{words}\nAWS said: reading the index: {denied}")
        );
        for (kind, text, expected) in [
            (FaultKind::Denied, "ExpiredToken", "has ended"),
            (
                FaultKind::Denied,
                "UnrecognizedClientException: x",
                "these credentials",
            ),
            (FaultKind::Throttled, "SlowDown", "too many calls"),
            (
                FaultKind::Other,
                "dispatch failure: other: no credentials found in chain",
                "no AWS credentials",
            ),
            (
                FaultKind::Other,
                "dispatch failure: other: the credential provider was not enabled",
                "no AWS credentials",
            ),
            (
                FaultKind::Other,
                "dispatch failure: other: profile `work` was not defined: could not find source profile work",
                "no AWS profile `work`",
            ),
            (
                FaultKind::Other,
                "dispatch failure: other: the credential provider failed",
                "can't be had",
            ),
            (
                FaultKind::Other,
                "dispatch failure: io error",
                "Is the stack running?",
            ),
            (
                FaultKind::Other,
                "ResourceNotFoundException: Requested resource not found",
                "another region",
            ),
        ] {
            let told = told(kind, text, false);
            assert!(told.contains(expected) && !told.contains(text), "{told}");
        }
    }

    #[test]
    fn a_region_that_is_none_is_named() {
        let fault = |text: &str| Fault::new(FaultKind::Other, "describing the stack", text);
        let unknown = "dispatch failure: io error: client error (Connect): dns error: failed to lookup address information";
        let told = Failure::in_region("eu-nowhere-9", fault(unknown)).told(false);
        assert!(
            told.contains("`eu-nowhere-9`") && !told.contains("dns"),
            "{told}"
        );
        let refused = Failure::in_region("eu-west-1", fault("dispatch failure: io error"));
        assert!(refused.told(false).contains("nothing answers"));
    }

    #[test]
    fn what_says_itself_what_is_wrong_is_told_as_it_is() {
        for kind in [FaultKind::Malformed, FaultKind::Other] {
            assert_eq!(
                told(kind, "it has no `at`", false),
                "reading the index: it has no `at`"
            );
        }
    }
}
