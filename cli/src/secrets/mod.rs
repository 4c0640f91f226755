//! `landfall secrets`: changes a source's secrets in Secrets Manager, with the operator's own credentials.

mod generate;
pub(crate) mod kept;

use std::{
    io::IsTerminal as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use catalogue::{KeyOrigin, Source};
use clap::Subcommand;
use landfall_aws::{
    clock::SystemClock,
    operator::{NewSecret, Others, Outcome, asks_for_token},
};
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::json;
use webhook::keys::Purpose;

use crate::{
    args::GivenStack,
    delivery::secret_file,
    escape,
    failure::Failure,
    print,
    sample::iso,
    stack::{Stack, block_on},
};

pub(crate) const ABOUT: &str = "\
Change a source's secrets in Secrets Manager: in the stack's secret, or in the source's own if infra/landfall.toml names \
one. The other sources' secrets stay as they are, also when somebody else changes theirs at the same moment.

Needs cloudformation:DescribeStacks, and on the secret secretsmanager:GetSecretValue, PutSecretValue and \
UpdateSecretVersionStage. A secret is never printed, but for those of the local stack with `generate --show`.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall secrets set stripe                          asks for the secret, and doesn't show it
  landfall secrets set stripe --label 2026-11          by this name logs speak of it
  landfall secrets set orum --secret-file orum.pem
  pass show stripe/webhook | landfall secrets set stripe
  landfall secrets set stripe --replace                the last step of a rotation: the older ones go
  landfall secrets set whatsapp --verify-token         what Meta sends when it proves the endpoint
  landfall secrets generate                            on the local stack: one for every source that has none
  landfall secrets generate github --show              and shows it, to be entered at the provider";

#[derive(Debug, Subcommand)]
pub(crate) enum Secrets {
    /// Make a secret the newest of a source's; the others stay, up to five
    Set(GivenSecret),

    /// Make up a secret, in the provider's form, for every source of the local stack that has none
    ///
    /// Of a scheme with public keys it makes a key pair, and keeps the private half in .landfall/keys/, where `landfall
    /// send` finds it. Only for the stack that `make up` starts, which calls this itself
    Generate {
        /// Only these sources
        sources: Vec<String>,

        /// Print the secrets of these sources
        #[arg(long, requires = "sources")]
        show: bool,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct GivenSecret {
    /// The source: a table of infra/landfall.toml
    source: String,

    /// A file with the secret, or the public key; `-` reads standard input; one line end at its end is dropped
    /// [default: standard input, or a question where that is a terminal]
    #[arg(long, value_name = "FILE|-")]
    secret_file: Option<PathBuf>,

    /// The name by which logs speak of the secret [default: the time]
    #[arg(long, value_parser = label)]
    label: Option<String>,

    /// The secret is the one by which the provider proves itself in its handshake, and signs nothing
    #[arg(long)]
    verify_token: bool,

    /// Take the source's older ones away
    #[arg(long)]
    replace: bool,
}

pub(crate) fn run(asked: &Secrets, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    match asked {
        Secrets::Set(given) => {
            let (told, words) = block_on(set(given, stack))?;
            if as_json {
                print::json(&told);
            } else {
                print::line(&words);
            }
        }
        Secrets::Generate { sources, show } => {
            let generated = block_on(async {
                let stack = Stack::find(stack).await?;
                generate::run(&stack, sources, *show).await
            })?;
            if as_json {
                print::json(&generate::told(&generated));
            } else {
                let lines = generate::in_words(&generated, !sources.is_empty());
                print::line(&lines.join("\n"));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(
    given: &GivenSecret,
    stack: &GivenStack,
) -> Result<(serde_json::Value, String), Failure> {
    let stack = Stack::find(stack).await?;
    let source = stack.source(&given.source)?;
    let purpose = purpose(source, given.verify_token)?;
    let value = value(given)?;
    let label = (given.label.clone()).unwrap_or_else(|| default_label(SystemClock.now()));
    let new = NewSecret {
        value: &value,
        label: &label,
        purpose,
        others: if given.replace {
            Others::Go
        } else {
            Others::Stay
        },
    };
    let store = stack.deployed.secrets()?;
    let outcome = store.set(source, &new).await?;
    kept::keep(&store, &stack).await?;
    let Outcome { active, dropped } = outcome;
    let told =
        json!({"source": given.source, "label": label, "active": active, "dropped": dropped});
    Ok((told, in_words(&given.source, &label, outcome)))
}

/// What came of it, for a person.
pub(crate) fn in_words(source: &str, label: &str, Outcome { active, dropped }: Outcome) -> String {
    let gone = match dropped {
        0 => String::new(),
        1 => " One of the older ones had to go.".to_owned(),
        some => format!(" {some} of the older ones had to go."),
    };
    format!(
        "The secret `{}` is the newest of `{source}`, which has {active} now.{gone} Ingest knows it within a minute of \
         the first delivery that is signed with it.",
        escape::value(label)
    )
}

/// A label that logs can show: 1 to 64 characters, none of which commands a terminal.
pub(crate) fn label(text: &str) -> Result<String, String> {
    let is_fine = (1..=64).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text.contains(char::is_control);
    if is_fine {
        Ok(text.to_owned())
    } else {
        Err("a label has 1 to 64 characters, none of them a control character".to_owned())
    }
}

/// What the secret is for, where the source has a use for it.
fn purpose(source: &Source, is_verify_token: bool) -> Result<Purpose, Failure> {
    let name = source.name.as_str();
    if is_verify_token {
        return if asks_for_token(source) {
            Ok(Purpose::VerifyToken)
        } else {
            Err(Failure::usage(format!(
                "no handshake of `{name}` has a verify token"
            )))
        };
    }
    match source.keys {
        KeyOrigin::Secret => Ok(Purpose::Signature),
        KeyOrigin::Published { .. } | KeyOrigin::Named { .. } => Err(Failure::usage(format!(
            "ingest fetches the keys of `{name}` itself: there is no secret to set"
        ))),
    }
}

fn value(given: &GivenSecret) -> Result<String, Failure> {
    match &given.secret_file {
        Some(file) => Ok(secret_file(file)?.text),
        None if std::io::stdin().is_terminal() => {
            rpassword::prompt_password(format!("The secret of `{}`: ", given.source))
                .map_err(|error| Failure::trouble(format!("the secret can't be read: {error}")))
        }
        None => Ok(secret_file(Path::new("-"))?.text),
    }
}

/// For example `2026-11-21T09:30Z`: a source may have several secrets of one day.
fn default_label(now: UnixMillis) -> String {
    let minute: String = iso(now).chars().take(16).collect();
    format!("{minute}Z")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};

    use super::*;

    #[test]
    fn a_secret_is_named_by_the_minute() {
        assert_eq!(
            default_label(UnixMillis(1_800_000_000_123)),
            "2027-01-15T08:00Z"
        );
    }

    #[test]
    fn a_label_can_be_shown() {
        assert!(label("2026-11 (new)").is_ok());
        for text in ["", " ", "\u{1b}[2J", "a\n", &"x".repeat(65)] {
            assert!(label(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_source_has_only_the_secrets_that_it_has_a_use_for() {
        let text = "[sources.github]\nprovider = \"github\"\n[sources.meta]\nprovider = \"meta\"\n[sources.truelayer]\nprovider = \"truelayer\"\n";
        let sources = reader::read(text, Environment::Test).unwrap();
        let purpose = |name, token| purpose(sources.get(name).unwrap(), token).ok();
        assert_eq!(purpose("github", false), Some(Purpose::Signature));
        assert_eq!(purpose("github", true), None);
        assert_eq!(purpose("meta", false), Some(Purpose::Signature));
        assert_eq!(purpose("meta", true), Some(Purpose::VerifyToken));
        assert_eq!(purpose("truelayer", false), None);
    }
}
