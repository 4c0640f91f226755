//! `landfall secrets rotate`: both steps of a rotation by one word. The second is taken only when the log shows that nothing is
//! lost by it.

use std::{fs, io::Write as _, path::Path, process::ExitCode};

use catalogue::Source;
use landfall_aws::{
    clock::SystemClock,
    operator::{NewSecret, Others},
};
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::{Value, json};
use webhook::keys::{Purpose, Secret, generate};

use super::{
    default_label, kept, purpose,
    uses::{Known, Use, Uses, known},
    value,
};
use crate::{args::GivenRotate, consent, escape, failure::Failure, print, stack::Stack};

pub(super) async fn run(
    stack: &Stack,
    given: &GivenRotate,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let source = stack.source(&given.source)?;
    purpose(source, false)?;
    if given.finish {
        finish(stack, source, given, as_json).await
    } else {
        begin(stack, source, given, as_json).await
    }
}

/// Adds the new secret, and says what comes next.
async fn begin(
    stack: &Stack,
    source: &Source,
    given: &GivenRotate,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let name = source.name.as_str();
    let value = match &given.generate {
        Some(file) => made_up(source, file)?,
        None => value(given.secret_file.as_deref(), name)?,
    };
    let label = (given.label.clone()).unwrap_or_else(|| default_label(SystemClock.now()));
    let store = stack.deployed.secrets()?;
    let new = NewSecret {
        value: &value,
        label: &label,
        purpose: Purpose::Signature,
        others: Others::Stay,
    };
    let outcome = store.set(source, &new).await?;
    kept::keep(&store, stack, kept::Owners::Sources).await?;
    let known = known(stack, &given.since).await?;
    let old = old_ones(&store.read(source).await?, &label);
    let still =
        (old.iter()).map(|old| json!({"label": old, "deliveries": times(name, old, &known.uses)}));
    if as_json {
        print::json(&json!({
            "source": name,
            "label": label,
            "active": outcome.active,
            "dropped": outcome.dropped,
            "old": still.collect::<Vec<Value>>(),
        }));
        return Ok(ExitCode::SUCCESS);
    }
    print::line(&super::in_words(name, &label, outcome));
    for old in &old {
        print::line(&format!(
            "By `{}` {} deliveries were proven since {}.",
            escape::value(old),
            times(name, old, &known.uses),
            print::time(known.since)
        ));
    }
    let enter = match &given.generate {
        Some(file) => format!(
            "Enter what is in {} at the provider, and take the file away",
            file.display()
        ),
        None => "Wait a minute, and have the provider sign with it".to_owned(),
    };
    print::line(&format!(
        "{enter}. Once deliveries come by it: landfall secrets rotate {name} --finish"
    ));
    Ok(ExitCode::SUCCESS)
}

/// Takes the old secrets away, if nothing is lost by it.
async fn finish(
    stack: &Stack,
    source: &Source,
    given: &GivenRotate,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let name = source.name.as_str();
    let store = stack.deployed.secrets()?;
    let secrets = store.read(source).await?;
    let newest = secrets
        .iter()
        .find(|secret| secret.purpose() == Purpose::Signature);
    let newest = newest
        .map(|secret| secret.label().to_owned())
        .unwrap_or_default();
    let old = old_ones(&secrets, &newest);
    if old.is_empty() {
        return Err(Failure::trouble(format!(
            "`{name}` has no old secret to take away; `landfall secrets rotate {name}` adds a new one"
        )));
    }
    let known = known(stack, &given.since).await?;
    if let Some(why) = too_early(name, &newest, &old, &known) {
        return Err(Failure::trouble(format!("nothing was taken away: {why}")));
    }
    let shown: Vec<String> = old
        .iter()
        .map(|old| format!("`{}`", escape::value(old)))
        .collect();
    let shown = shown.join(", ");
    let asked = format!(
        "retire {shown} of `{name}`, whose deliveries come by `{}`",
        escape::value(&newest)
    );
    if !consent::given(&asked, given.yes)? {
        return Ok(ExitCode::FAILURE);
    }
    let mut active = secrets.len();
    for label in &old {
        active = store.retire(source, label).await?.active;
        kept::keep(&store, stack, kept::Owners::Sources).await?;
    }
    if as_json {
        print::json(&json!({"source": name, "label": newest, "retired": old, "active": active}));
    } else {
        print::line(&format!(
            "{shown} is gone; `{name}` has {active} now. Processes that run may know it for `SecretTtlSeconds` more."
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// A secret in the form of the source's provider, which is in this file now.
fn made_up(source: &Source, file: &Path) -> Result<String, Failure> {
    let name = source.name.as_str();
    let scheme = generate::signable(source.schemes);
    let scheme = scheme.filter(|scheme| !scheme.algorithm.is_public_key());
    let scheme = scheme.ok_or_else(|| {
        Failure::usage(format!(
            "the provider of `{name}` signs with a key of its own, of which it hands out the public half: give that"
        ))
    })?;
    let value = generate::secret(scheme).map_err(|fault| Failure::trouble(fault.to_string()))?;
    let mut options = fs::OpenOptions::new();
    // What is there may be the only copy of something.
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(file)
        .and_then(|mut file| writeln!(file, "{value}"));
    written
        .map_err(|error| Failure::usage(format!("{} can't be written: {error}", file.display())))?;
    Ok(value)
}

/// The labels of the secrets that sign, but for this one.
fn old_ones(secrets: &[Secret], newest: &str) -> Vec<String> {
    let signing = secrets
        .iter()
        .filter(|secret| secret.purpose() == Purpose::Signature);
    let labels = signing.map(|secret| secret.label().to_owned());
    labels.filter(|label| label != newest).collect()
}

fn of<'u>(source: &str, label: &str, uses: &'u Uses) -> Option<&'u Use> {
    uses.get(&(source.to_owned(), label.to_owned()))
}

fn times(source: &str, label: &str, uses: &Uses) -> u64 {
    of(source, label, uses).map_or(0, |of| of.times)
}

/// Why the old secrets can't go yet, if they can't.
fn too_early(source: &str, newest: &str, old: &[String], known: &Known) -> Option<String> {
    let newest_label = escape::value(newest);
    if known.is_cut {
        return Some(
            "there were more log lines than are read; a shorter --since counts them all".to_owned(),
        );
    }
    let Some(new) = of(source, newest, &known.uses) else {
        return Some(format!(
            "no delivery was proven by `{newest_label}` since {}, so that nothing shows that the provider signs with it",
            print::time(known.since)
        ));
    };
    let later = |label: &String| -> Option<(String, Use)> {
        let of = of(source, label, &known.uses)?;
        (of.last > new.first).then(|| (escape::value(label), *of))
    };
    let (label, still) = old.iter().find_map(later)?;
    let time = |at: UnixMillis| print::time(at);
    Some(format!(
        "by `{label}` {} deliveries were proven since {}, the last at {}, when `{newest_label}` had been in use since {}",
        still.times,
        time(known.since),
        time(still.last),
        time(new.first)
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn too_early_with(uses: &[(&str, u64, i64, i64)], is_cut: bool) -> Option<String> {
        let uses = uses.iter().map(|(label, times, first, last)| {
            let of = Use {
                times: *times,
                first: UnixMillis(*first),
                last: UnixMillis(*last),
            };
            (("github".to_owned(), (*label).to_owned()), of)
        });
        let known = Known {
            uses: uses.collect(),
            since: UnixMillis(0),
            is_cut,
        };
        too_early("github", "new", &["older".into(), "old".into()], &known)
    }

    #[test]
    fn an_old_secret_goes_when_the_new_one_is_used_and_it_is_not() {
        assert_eq!(too_early_with(&[("new", 1, 5, 5)], false), None);
        assert_eq!(
            too_early_with(&[("old", 9, 1, 4), ("new", 2, 5, 9)], false),
            None
        );
        for (uses, words) in [
            (&[][..], "nothing shows that the provider signs with it"),
            (&[("old", 9, 1, 4)], "no delivery was proven by `new`"),
            (
                &[("old", 9, 1, 6), ("new", 2, 5, 9)],
                "by `old` 9 deliveries",
            ),
            (
                &[("older", 1, 6, 6), ("new", 1, 5, 5)],
                "by `older` 1 deliveries",
            ),
        ] {
            let why = too_early_with(uses, false).unwrap();
            assert!(why.contains(words), "{why}");
        }
        assert!(too_early_with(&[("new", 1, 5, 5)], true).is_some());
    }

    #[test]
    fn one_that_is_made_up_is_in_a_file_of_ones_own_and_never_in_the_place_of_another() {
        let source = |name: &str| Source::of(catalogue::Provider::named(name).unwrap());
        let file = std::env::temp_dir().join(format!("landfall-rotate-{}", std::process::id()));
        let value = made_up(&source("github"), &file).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap().trim_end(), value);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(made_up(&source("github"), &file).is_err());
        fs::remove_file(&file).unwrap();
        // Orum signs with a private key.
        assert!(made_up(&source("orum"), &file).is_err() && !file.exists());
    }
}
