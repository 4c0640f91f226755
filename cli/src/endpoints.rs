//! `landfall sources` and `landfall url`: what a stack receives, where, and what becomes of it.

use std::{collections::BTreeSet, process::ExitCode};

use catalogue::{Route, Source};
use landfall_aws::operator::Readiness;
use serde_json::{Value, json};
use webhook::reading::url;

use crate::{
    args::GivenStack,
    escape,
    failure::Failure,
    print,
    routes::list::{leads_to, types},
    stack::{Stack, block_on},
};

fn word(readiness: &Readiness) -> &'static str {
    match readiness {
        Readiness::There => "there",
        Readiness::Missing => "missing",
        Readiness::Fetched => "fetched",
        Readiness::Unknown(_) => "unknown",
    }
}

pub(crate) fn url(name: &str, stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    let stack = block_on(Stack::find(stack))?;
    let url = address(&stack, stack.source(name)?)?;
    if as_json {
        print::json(&json!({"source": name, "url": url}));
    } else {
        print::line(&escape::value(&url));
    }
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn list(stack: &GivenStack, as_json: bool) -> Result<ExitCode, Failure> {
    let (stack, readiness) = block_on(async {
        let stack = Stack::find(stack).await?;
        let store = stack.deployed.secrets()?;
        let readiness = store.readiness(stack.configured.sources.iter()).await;
        Ok((stack, readiness))
    })?;
    // Sources that share a secret share its fault.
    let faults: BTreeSet<String> = readiness
        .iter()
        .filter_map(|readiness| match readiness {
            Readiness::Unknown(fault) => Some(fault.to_string()),
            _ => None,
        })
        .collect();
    for fault in faults {
        print::note(&fault);
    }
    let mut told = Vec::new();
    let mut rows = Vec::new();
    for (source, readiness) in stack.configured.sources.iter().zip(readiness) {
        let name = source.name.as_str();
        let provider = source.provider.map(|provider| provider.name);
        let url = address(&stack, source)?;
        let routes = stack.configured.routes.iter();
        let routes: Vec<_> = routes.filter(|route| route.from.includes(name)).collect();
        rows.push([
            name.to_owned(),
            provider.unwrap_or("-").to_owned(),
            word(&readiness).to_owned(),
            match routes.as_slice() {
                [] => "-".to_owned(),
                routes => in_words(routes),
            },
            url.clone(),
        ]);
        told.push(json!({
            "source": name,
            "provider": provider,
            "url": url,
            "secret": word(&readiness),
            "routes": routes.into_iter().map(way).collect::<Vec<_>>(),
        }));
    }
    if as_json {
        print::json(&Value::from(told));
    } else {
        print::table(["source", "provider", "secret", "routes", "url"], &rows);
    }
    Ok(ExitCode::SUCCESS)
}

/// Each route with where it leads.
fn in_words(routes: &[&Route]) -> String {
    let words = routes
        .iter()
        .map(|route| format!("{} ({})", route.name, leads_to(route)));
    words.collect::<Vec<_>>().join(" ")
}

fn way(route: &Route) -> Value {
    json!({"route": route.name.as_str(), "types": types(route), "to": leads_to(route)})
}

/// What is entered at the provider.
pub(crate) fn address(stack: &Stack, source: &Source) -> Result<String, Failure> {
    // What is in the URL that was entered is in every call.
    let query = match source.entered_url.map(url::query) {
        None | Some("") => String::new(),
        Some(query) => format!("?{query}"),
    };
    let called = format!(
        "{}/webhooks/{}{query}",
        stack.deployed.api_url()?,
        source.name
    );
    Ok(url::as_signed(&called, source.entered_url))
}
