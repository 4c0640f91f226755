//! `landfall secrets list` and `retire`: which secrets a source has, by which of them deliveries still come, and how one
//! goes when none does. A secret itself is never shown.

use std::{collections::BTreeMap, process::ExitCode};

use catalogue::{KeyOrigin, Source};
use landfall_aws::clock::SystemClock;
use protocol::{ports::Clock as _, time::UnixMillis};
use serde_json::{Value, json};
use webhook::keys::{Purpose, Secret};

use super::kept;
use crate::{
    args::GivenRetire,
    consent, escape,
    failure::Failure,
    logs::read::{Read, parsed, read},
    print,
    stack::Stack,
    when::Moment,
};

/// How many log lines are looked through.
const MOST_LINES: usize = 200_000;

/// How secrets have proven deliveries: by source and label.
pub(super) type Uses = BTreeMap<(String, String), Use>;

/// How often a secret has proven a delivery, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use {
    pub(super) times: u64,
    pub(super) first: UnixMillis,
    pub(super) last: UnixMillis,
}

/// What is known of uses.
pub(super) struct Known {
    pub(super) uses: Uses,
    pub(super) since: UnixMillis,
    /// Whether there were more lines than were read.
    pub(super) is_cut: bool,
}

pub(super) async fn list(
    stack: &Stack,
    name: Option<&str>,
    since: &Moment,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let sources: Vec<&Source> = match name {
        Some(name) => vec![stack.source(name)?],
        None => stack.configured.sources.iter().collect(),
    };
    let store = stack.deployed.secrets()?;
    let all = store.read_all(sources.iter().copied()).await;
    let known = known(stack, since).await?;
    let mut told = Vec::new();
    for (source, secrets) in sources.into_iter().zip(all) {
        if !matches!(source.keys, KeyOrigin::Secret | KeyOrigin::Asked(_)) {
            continue;
        }
        match secrets {
            Ok(secrets) => told.extend(rows(source, &secrets, &known.uses)),
            Err(fault) => print::note(&fault.to_string()),
        }
    }
    if as_json {
        print::json(&told.into());
        return Ok(ExitCode::SUCCESS);
    }
    let cells: Vec<[String; 6]> = told.iter().map(cells).collect();
    print::table(
        ["SOURCE", "SECRET", "PLACE", "FOR", "DELIVERIES", "LAST"],
        &cells,
    );
    print::note(&format!(
        "deliveries are counted since {}",
        print::time(known.since)
    ));
    if known.is_cut {
        print::note("there were more log lines than are read; a shorter --since counts them all");
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn retire(
    stack: &Stack,
    given: &GivenRetire,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let source = stack.source(&given.source)?;
    let store = stack.deployed.secrets()?;
    let secrets = store.read(source).await?;
    let labels: Vec<&str> = secrets.iter().map(Secret::label).collect();
    let label = escape::value(&given.label);
    if !labels.contains(&given.label.as_str()) {
        return Err(Failure::usage(format!(
            "`{}` has no secret `{label}`; it has {}",
            source.name,
            labels.join(", ")
        )));
    }
    let signing = |secret: &&Secret| secret.purpose() == Purpose::Signature;
    let signs = secrets.iter().filter(signing).count();
    let is_last =
        signs == 1 && (secrets.iter().find(signing)).is_some_and(|of| of.label() == given.label);
    if is_last {
        return Err(Failure::usage(format!(
            "`{label}` is the only secret that proves deliveries of `{0}`: `landfall secrets set {0}` first",
            source.name
        )));
    }
    let known = known(stack, &given.since).await?;
    let key = (source.name.to_string(), given.label.clone());
    let asked = match known.uses.get(&key) {
        Some(Use { times, last, .. }) => format!(
            "retire `{label}` of `{}`, by which {times} deliveries were proven since {}, the last at {}",
            source.name,
            print::time(known.since),
            print::time(*last)
        ),
        None => format!(
            "retire `{label}` of `{}`, by which none was proven since {}",
            source.name,
            print::time(known.since)
        ),
    };
    if !consent::given(&asked, given.yes)? {
        return Ok(ExitCode::FAILURE);
    }
    let outcome = store.retire(source, &given.label).await?;
    kept::keep(&store, stack, kept::Owners::Sources).await?;
    if as_json {
        print::json(
            &json!({"source": given.source, "label": given.label, "active": outcome.active}),
        );
    } else {
        print::line(&format!(
            "`{label}` is gone; `{}` has {} now. Processes that run may know it for `SecretTtlSeconds` more.",
            source.name, outcome.active
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// By which secrets deliveries were proven.
pub(super) async fn known(stack: &Stack, since: &Moment) -> Result<Known, Failure> {
    let since = since.at(SystemClock.now(), &print::manner().zone);
    let pattern = Some("{ $.message = \"delivery\" }");
    let logs = stack.deployed.logs();
    let Read { lines, more } = read(&logs, since, None, pattern, MOST_LINES).await?;
    Ok(Known {
        uses: uses(lines.iter().map(|line| (line.at, parsed(line)))),
        since,
        is_cut: more.is_some(),
    })
}

fn uses(lines: impl Iterator<Item = (UnixMillis, Value)>) -> Uses {
    let mut uses = Uses::new();
    for (at, line) in lines {
        let text = |name: &str| line[name].as_str().map(str::to_owned);
        if let (Some(source), Some(label)) = (text("source"), text("secret")) {
            let none = Use {
                times: 0,
                first: at,
                last: at,
            };
            let of = uses.entry((source, label)).or_insert(none);
            of.times += 1;
            of.first = at.min(of.first);
            of.last = at.max(of.last);
        }
    }
    uses
}

fn rows(source: &Source, secrets: &[Secret], uses: &Uses) -> Vec<Value> {
    let row = |(place, secret): (usize, &Secret)| {
        let key = (source.name.to_string(), secret.label().to_owned());
        let proven = uses.get(&key);
        json!({
            "source": source.name.as_str(),
            "label": secret.label(),
            "place": place,
            "for": match secret.purpose() {
                Purpose::Signature => "signature",
                Purpose::VerifyToken => "verify_token",
            },
            "deliveries": proven.map_or(0, |of| of.times),
            "last": proven.map(|of| of.last),
        })
    };
    (1..).zip(secrets).map(row).collect()
}

fn cells(row: &Value) -> [String; 6] {
    let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
    [
        text("source"),
        text("label"),
        match row["place"].as_u64() {
            Some(1) => "newest".to_owned(),
            place => place.unwrap_or(0).to_string(),
        },
        text("for"),
        row["deliveries"].to_string(),
        (row["last"].as_i64()).map_or_else(|| "-".to_owned(), |at| print::time(UnixMillis(at))),
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};

    use super::*;

    #[test]
    fn each_secret_says_how_often_it_proved_a_delivery_and_is_not_shown() {
        let line =
            |label: &str| json!({"message": "delivery", "source": "github", "secret": label});
        let lines = [
            (UnixMillis(3), line("old")),
            (UnixMillis(1), line("old")),
            (
                UnixMillis(2),
                json!({"message": "delivery", "source": "github"}),
            ),
        ];
        let uses = uses(lines.into_iter());
        let text = "[sources.github]\nprovider = \"github\"\n";
        let sources = reader::read(text, Environment::Live).unwrap().sources;
        let secrets = [Secret::new("hush", "new"), Secret::new("hush", "old")];
        let rows = rows(sources.get("github").unwrap(), &secrets, &uses);
        assert_eq!(
            (&rows[0]["label"], &rows[0]["deliveries"]),
            (&json!("new"), &json!(0))
        );
        assert_eq!(
            (&rows[1]["deliveries"], &rows[1]["last"]),
            (&json!(2), &json!(3))
        );
        assert_eq!(cells(&rows[0])[2], "newest");
        assert!(!json!(rows).to_string().contains("hush"));
    }
}
