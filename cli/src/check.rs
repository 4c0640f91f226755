//! `landfall check`: every fault of a configuration, or how much it configures.

use std::{path::Path, process::ExitCode};

use catalogue::{Environment, check, reader::Fault};
use serde_json::json;

use crate::{args::GivenCheck, configuration::Configuration, failure::Failure, print};

pub(crate) fn run(
    given: &GivenCheck,
    config: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let Configuration { called, text } = Configuration::find(given.file.as_deref().or(config))?;
    let environments = match given.environments.as_slice() {
        [] => &Environment::ALL,
        some => some,
    };
    let counts = check::count(&text, environments);
    if as_json {
        print::json(&match &counts {
            Ok(counts) => json!({
                "file": called,
                "sources": counts.iter().map(|(environment, count)| (environment.as_str(), count))
                    .collect::<std::collections::BTreeMap<_, _>>(),
                "faults": [],
            }),
            Err(faults) => json!({
                "file": called,
                "faults": faults.iter().map(|Fault { line, fault, mend }| {
                    json!({"line": line, "fault": fault, "mend": mend})
                }).collect::<Vec<_>>(),
            }),
        });
    } else {
        match &counts {
            Ok(counts) => print::line(&check::sound(&called, counts)),
            Err(faults) => print::faults(&check::listed(&called, faults)),
        }
    }
    Ok(ExitCode::from(u8::from(counts.is_err())))
}
