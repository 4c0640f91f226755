//! `landfall secrets`: changes the secrets of sources and destinations in Secrets Manager, with the operator's own
//! credentials.

mod destination;
mod generate;
pub(crate) mod kept;
mod private;
mod rotate;
mod unused;
mod uses;

use std::{io::IsTerminal as _, path::Path, process::ExitCode};

use catalogue::{KeyOrigin, Source};
use landfall_aws::{
    clock::SystemClock,
    operator::{NewSecret, Others, Outcome, asks_for_token},
};
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::json;
use webhook::keys::Purpose;

use crate::{
    args::{GivenSet, GivenStack, Secrets},
    escape,
    failure::Failure,
    input::secret_file,
    print,
    sample::iso,
    stack::{Stack, block_on},
};

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
        Secrets::Unused { remove, yes } => {
            return block_on(async {
                let stack = Stack::find(stack).await?;
                unused::run(&stack, *remove, *yes, as_json).await
            });
        }
        Secrets::List { source, since } => {
            return block_on(async {
                let stack = Stack::find(stack).await?;
                uses::list(&stack, source.as_deref(), since, as_json).await
            });
        }
        Secrets::Retire(given) => {
            return block_on(async {
                let stack = Stack::find(stack).await?;
                uses::retire(&stack, given, as_json).await
            });
        }
        Secrets::Rotate(given) => {
            return block_on(async {
                let stack = Stack::find(stack).await?;
                rotate::run(&stack, given, as_json).await
            });
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

async fn set(given: &GivenSet, stack: &GivenStack) -> Result<(serde_json::Value, String), Failure> {
    let stack = Stack::find(stack).await?;
    if let Some(name) = given.source.strip_prefix(destination::PREFIX) {
        return destination::set(given, name, &stack).await;
    }
    if let Some(certificate) = &given.certificate {
        return private::set(given, certificate, &stack).await;
    }
    if given.header.is_some() {
        let usage = "only a destination's secret is a header's: `landfall secrets set destination:NAME --header HEADER`";
        return Err(Failure::usage(usage));
    }
    let source = stack.source(&given.source)?;
    let purpose = purpose(source, given.verify_token)?;
    let value = value(given.secret_file.as_deref(), &given.source)?;
    let label = (given.label.clone()).unwrap_or_else(|| default_label(SystemClock.now()));
    let new = NewSecret {
        value: &value,
        label: &label,
        purpose,
        others: others(given),
    };
    let store = stack.deployed.secrets()?;
    let outcome = store.set(source, &new).await?;
    kept::keep(&store, &stack, kept::Owners::Sources).await?;
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
    match *source.keys {
        KeyOrigin::Secret | KeyOrigin::Asked(_) => Ok(Purpose::Signature),
        KeyOrigin::Published { .. } | KeyOrigin::Named { .. } => Err(Failure::usage(format!(
            "ingest fetches the keys of `{name}` itself: there is no secret to set"
        ))),
    }
}

/// What becomes of the older secrets that are for the same.
const fn others(given: &GivenSet) -> Others {
    if given.replace {
        Others::Go
    } else {
        Others::Stay
    }
}

fn value(file: Option<&Path>, of: &str) -> Result<String, Failure> {
    match file {
        Some(file) => Ok(secret_file(file)?.text),
        None if std::io::stdin().is_terminal() => {
            rpassword::prompt_password(format!("The secret of `{of}`: "))
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
    fn a_source_has_only_the_secrets_that_it_has_a_use_for() {
        let text = "[sources.github]\nprovider = \"github\"\n[sources.meta]\nprovider = \"meta\"\n[sources.truelayer]\nprovider = \"truelayer\"\n[sources.circle]\nprovider = \"circle\"\n";
        let sources = reader::read(text, Environment::Test).unwrap().sources;
        let purpose = |name, token| purpose(sources.get(name).unwrap(), token).ok();
        assert_eq!(purpose("github", false), Some(Purpose::Signature));
        assert_eq!(purpose("github", true), None);
        assert_eq!(purpose("meta", false), Some(Purpose::Signature));
        assert_eq!(purpose("meta", true), Some(Purpose::VerifyToken));
        assert_eq!(purpose("truelayer", false), None);
        assert_eq!(purpose("circle", false), Some(Purpose::Signature));
    }
}
