//! Whatever the template lets through is what the functions take: a stack that deploys is one that starts.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use super::{ConsumerConfig, IngestConfig, SweeperConfig};

const TEMPLATE: &str = include_str!("../../../../infra/template.yaml");

/// What stands under a name at the template's second level.
fn block(name: &str) -> &'static str {
    let (_, rest) = TEMPLATE.split_once(&format!("\n  {name}:\n")).unwrap();
    let ends = rest.match_indices("\n  ").map(|(at, _)| at);
    let mut ends = ends.filter(|at| !rest[at + 3..].starts_with(' '));
    &rest[..ends.next().unwrap_or(rest.len())]
}

/// A parameter's line of this name.
fn said(parameter: &str, key: &str) -> Option<&'static str> {
    let mut lines = block(parameter).lines();
    lines.find_map(|line| line.strip_prefix(&format!("    {key}: ")))
}

/// The variables of a function that are numbers: each with its parameter.
fn numbers(function: &str) -> Vec<(&'static str, &'static str)> {
    let variables = block(function).lines().filter_map(|line| {
        let (name, parameter) = line
            .strip_prefix("          LANDFALL_")?
            .split_once(": !Ref ")?;
        let is_parameter = TEMPLATE.contains(&format!("\n  {parameter}:\n    Description: "));
        (is_parameter && said(parameter, "Type") == Some("Number")).then_some((name, parameter))
    });
    variables.collect()
}

/// How the function takes these variables, where all others are the template's defaults.
fn faults(function: &str, changes: &[(&str, String)]) -> Vec<String> {
    let mut set: BTreeMap<String, String> = BTreeMap::new();
    for (name, parameter) in numbers(function) {
        let default = said(parameter, "Default").unwrap();
        set.insert(format!("LANDFALL_{name}"), default.into());
    }
    for (name, value) in changes {
        set.insert(format!("LANDFALL_{name}"), value.clone());
    }
    let lookup = |name: &str| {
        Some(match name {
            "LANDFALL_ENVIRONMENT" => "live".into(),
            "LANDFALL_SOURCE_METRICS" => said("SourceMetrics", "Default")?.trim_matches('"').into(),
            "LANDFALL_HANDLER_SETTINGS" => {
                said("HandlerSettings", "Default")?.trim_matches('"').into()
            }
            "LANDFALL_SWEEP_AGES_SECONDS" if !set.contains_key(name) => {
                said("SweepAgesSeconds", "Default")?.into()
            }
            _ => set.get(name).cloned().unwrap_or_else(|| "a name".into()),
        })
    };
    match function {
        "Ingest" => IngestConfig::from_lookup(lookup).err(),
        "Consumer" => ConsumerConfig::from_lookup(lookup).err(),
        _ => SweeperConfig::from_lookup(lookup).err(),
    }
    .unwrap_or_default()
}

/// What goes with a value at its bound, so that the values fit together.
fn beside(name: &str, value: i64) -> Vec<(&'static str, String)> {
    match name {
        "BACKOFF_BASE_SECONDS" => {
            vec![("BACKOFF_MAX_SECONDS", value.clamp(900, 21_600).to_string())]
        }
        "BACKOFF_MAX_SECONDS" => vec![("BACKOFF_BASE_SECONDS", "1".into())],
        _ => Vec::new(),
    }
}

#[test]
fn the_bounds_of_every_number_are_those_that_its_functions_have() {
    let mut walked = 0;
    for function in ["Ingest", "Consumer", "Sweeper"] {
        assert_eq!(faults(function, &[]), [""; 0], "{function}");
        for (name, parameter) in numbers(function) {
            let bound = |key| -> i64 { said(parameter, key).expect(parameter).parse().unwrap() };
            let [least, most] = ["MinValue", "MaxValue"].map(bound);
            for (value, fits) in [
                (least, true),
                (most, true),
                (least - 1, false),
                (most + 1, false),
            ] {
                let mut changes = beside(name, value);
                changes.push((name, value.to_string()));
                let faults = faults(function, &changes);
                assert_eq!(faults.is_empty(), fits, "{parameter}={value}: {faults:?}");
                walked += 1;
            }
        }
    }
    assert!(walked >= 4 * 12, "{walked}");
}

#[test]
fn ages_that_the_template_takes_by_their_form_are_ages() {
    for ages in ["361", "120,900", "1,2,3,4,5,604800"] {
        let changes = [("SWEEP_AGES_SECONDS", ages.to_owned())];
        assert_eq!(faults("Sweeper", &changes), [""; 0], "{ages}");
    }
}
