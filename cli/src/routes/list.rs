//! `landfall routes list`: which events go where.

use std::process::ExitCode;

use catalogue::{
    Configuration,
    route::{FromSources, Route, To, TypePattern},
};
use serde_json::{Value, json};

use crate::print;

pub(super) fn run(configuration: &Configuration, as_json: bool) -> ExitCode {
    let told: Vec<Value> = configuration.routes.iter().map(told_of).collect();
    if as_json {
        print::json(&Value::from(told));
        return ExitCode::SUCCESS;
    }
    if told.is_empty() {
        print::line("There are no routes.");
        return ExitCode::SUCCESS;
    }
    let joined = |value: &Value| {
        let texts = value.as_array().into_iter().flatten();
        let texts: Vec<&str> = texts.filter_map(Value::as_str).collect();
        texts.join(" ")
    };
    let rows = configuration.routes.iter().zip(&told).map(|(route, told)| {
        [
            route.name.as_str().to_owned(),
            joined(&told["from"]),
            joined(&told["types"]),
            if route.condition.is_some() {
                "yes"
            } else {
                "no"
            }
            .to_owned(),
            leads_to(route),
            route
                .tries
                .map_or("-".to_owned(), |tries| tries.to_string()),
        ]
    });
    let headings = ["route", "from", "types", "where", "to", "tries"];
    print::table(headings, &rows.collect::<Vec<_>>());
    ExitCode::SUCCESS
}

/// Where a route leads, as the configuration has it.
pub(crate) fn leads_to(route: &Route) -> String {
    match route.to {
        To::Destination(name) => name.to_string(),
        To::Handler(name) => format!("handler:{name}"),
    }
}

/// The types that a route takes, as the configuration has them.
pub(crate) fn types(route: &Route) -> Vec<String> {
    if route.types.is_empty() {
        return vec!["*".to_owned()];
    }
    let written = |pattern: &TypePattern| match pattern {
        TypePattern::Exact(exact) => (*exact).to_owned(),
        TypePattern::Beginning(beginning) => format!("{beginning}*"),
    };
    route.types.iter().map(written).collect()
}

fn told_of(route: &Route) -> Value {
    let from = match &route.from {
        FromSources::All => vec!["*".to_owned()],
        FromSources::These(names) => names.iter().map(ToString::to_string).collect(),
    };
    json!({
        "route": route.name.as_str(),
        "from": from,
        "types": types(route),
        "where": route.condition.as_ref().map(catalogue::Condition::to_json),
        "to": leads_to(route),
        "body": route.body.as_ref().map(catalogue::Reshape::to_json),
        "tries": route.tries,
        "age_limit_seconds": route.age_limit.map(|limit| limit.as_secs()),
    })
}
