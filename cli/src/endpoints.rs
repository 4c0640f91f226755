//! `landfall sources` and `landfall url`: what a stack receives, where, and what becomes of it.

use std::process::ExitCode;

use catalogue::{KeyOrigin, Source};
use consumer::handlers;
use landfall_aws::secrets;
use serde_json::{Value, json};
use webhook::{keys::Keys, reading::url};

use crate::{
    args::GivenStack,
    escape,
    failure::Failure,
    print,
    stack::{Stack, block_on},
};

/// Whether a source can verify anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Readiness {
    /// It has a secret.
    There,
    /// It has none, or none that can be a key of it.
    Missing,
    /// It wants none.
    Fetched,
    /// This operator may not look.
    Unknown,
}

impl Readiness {
    const fn as_str(self) -> &'static str {
        match self {
            Self::There => "there",
            Self::Missing => "missing",
            Self::Fetched => "fetched",
            Self::Unknown => "unknown",
        }
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
        let readiness = readiness(&stack).await?;
        Ok((stack, readiness))
    })?;
    let routes = handlers::routes();
    let mut told = Vec::new();
    let mut rows = Vec::new();
    for (source, readiness) in stack.sources.iter().zip(readiness) {
        let name = source.name.as_str();
        let provider = source.provider.map(|provider| provider.name);
        let url = address(&stack, source)?;
        let types: Vec<&str> = routes.types_of(name).collect();
        rows.push([
            name.to_owned(),
            provider.unwrap_or("-").to_owned(),
            readiness.as_str().to_owned(),
            match types.as_slice() {
                [] => "-".to_owned(),
                types => types.join(" "),
            },
            url.clone(),
        ]);
        told.push(json!({
            "source": name,
            "provider": provider,
            "url": url,
            "secret": readiness.as_str(),
            "handled": types,
        }));
    }
    if as_json {
        print::json(&Value::from(told));
    } else {
        print::table(["source", "provider", "secret", "handled", "url"], &rows);
    }
    Ok(ExitCode::SUCCESS)
}

/// What is entered at the provider.
fn address(stack: &Stack, source: &Source) -> Result<String, Failure> {
    // What is in the URL that was entered is in every call.
    let query = match source.entered_url.map(url::query) {
        None | Some("") => String::new(),
        Some(query) => format!("?{query}"),
    };
    let called = format!("{}/webhooks/{}{query}", stack.api_url()?, source.name);
    Ok(url::as_signed(&called, source.entered_url))
}

/// Of each source, in their order.
async fn readiness(stack: &Stack) -> Result<Vec<Readiness>, Failure> {
    let client = aws_sdk_secretsmanager::Client::new(&stack.config);
    let arn = stack.output("SecretArn")?;
    let read = secrets::read_all(&client, arn, stack.sources.iter()).await;
    let mut said = None;
    let of_source = |(source, read): (&Source, Result<Vec<_>, _>)| match (source.keys, read) {
        (KeyOrigin::Published { .. } | KeyOrigin::Named { .. }, _) => Readiness::Fetched,
        (KeyOrigin::Secret, Ok(secrets)) if Keys::load(source.schemes, &secrets).0.is_empty() => {
            Readiness::Missing
        }
        (KeyOrigin::Secret, Ok(_)) => Readiness::There,
        (KeyOrigin::Secret, Err(fault)) => {
            said = Some(fault);
            Readiness::Unknown
        }
    };
    let readiness = stack.sources.iter().zip(read).map(of_source).collect();
    if let Some(fault) = said {
        print::note(&fault.to_string());
    }
    Ok(readiness)
}
