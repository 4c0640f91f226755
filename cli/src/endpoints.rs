//! `landfall sources` and `landfall url`: what a stack receives, where, and what becomes of it.

use std::{collections::BTreeSet, process::ExitCode};

use catalogue::Source;
use landfall_aws::operator::Readiness;
use serde_json::{Value, json};
use webhook::reading::url;

use crate::{
    args::GivenStack,
    escape,
    failure::Failure,
    print,
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
        let readiness = store.readiness(stack.sources.iter()).await;
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
    for (source, readiness) in stack.sources.iter().zip(readiness) {
        let name = source.name.as_str();
        let provider = source.provider.map(|provider| provider.name);
        let url = address(&stack, source)?;
        let routes = stack.routes.iter();
        let routes = routes.filter(|route| route.from.includes(name));
        let routes: Vec<&str> = routes.map(|route| route.name.as_str()).collect();
        rows.push([
            name.to_owned(),
            provider.unwrap_or("-").to_owned(),
            word(&readiness).to_owned(),
            match routes.as_slice() {
                [] => "-".to_owned(),
                routes => routes.join(" "),
            },
            url.clone(),
        ]);
        told.push(json!({
            "source": name,
            "provider": provider,
            "url": url,
            "secret": word(&readiness),
            "routes": routes,
        }));
    }
    if as_json {
        print::json(&Value::from(told));
    } else {
        print::table(["source", "provider", "secret", "routes", "url"], &rows);
    }
    Ok(ExitCode::SUCCESS)
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
