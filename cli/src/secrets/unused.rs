//! `landfall secrets unused`: entries of the stack's secrets that nothing uses any more.

use std::process::ExitCode;

use landfall_aws::operator::private_keys_of;
use serde_json::json;

use super::{
    destination::PREFIX,
    kept::{Owners, keep},
};
use crate::{consent, escape, failure::Failure, print, stack::Stack};

/// What nothing uses, by name.
struct Unused {
    sources: Vec<String>,
    destinations: Vec<String>,
}

impl Unused {
    async fn of(stack: &Stack) -> Result<Self, Failure> {
        let sources = stack.configured.sources.iter();
        let sources = sources.filter(|source| source.secret.is_none());
        let sources: Vec<_> = sources.map(|source| source.name.as_str()).collect();
        let services = stack.services().filter(|(_, http)| http.secret.is_none());
        let services = services.map(|(to, _)| to.name.to_string());
        let opening = stack.configured.sources.iter();
        let opening = opening.filter(|source| source.encrypted.is_some());
        let services: Vec<_> = services.chain(opening.map(private_keys_of)).collect();
        let services: Vec<_> = services.iter().map(String::as_str).collect();
        let without = |mut names: Vec<String>, used: &[&str]| {
            names.retain(|name| !used.contains(&name.as_str()));
            names
        };
        Ok(Self {
            sources: without(stack.deployed.secrets()?.names().await?, &sources),
            destinations: without(
                stack.deployed.destination_secrets()?.names().await?,
                &services,
            ),
        })
    }

    /// As `landfall secrets set` calls them.
    fn names(&self) -> Vec<String> {
        let destinations = self.destinations.iter();
        // Private keys of sources stand there, too.
        let destinations = destinations.map(|name| {
            if name.contains(':') {
                name.clone()
            } else {
                format!("{PREFIX}{name}")
            }
        });
        self.sources.iter().cloned().chain(destinations).collect()
    }
}

pub(super) async fn run(
    stack: &Stack,
    remove: bool,
    yes: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let unused = Unused::of(stack).await?;
    let names = unused.names();
    let shown: Vec<_> = names.iter().map(|name| escape::value(name)).collect();
    let shown = shown.join(", ");
    let removed = remove && !names.is_empty();
    if removed {
        same_configuration(stack).await?;
        if !consent::given(&format!("take away for good the secrets of {shown}"), yes)? {
            return Ok(ExitCode::FAILURE);
        }
        let (of_sources, of_destinations) = (
            stack.deployed.secrets()?,
            stack.deployed.destination_secrets()?,
        );
        if !unused.sources.is_empty() {
            of_sources.remove(&unused.sources).await?;
            keep(&of_sources, stack, Owners::Sources).await?;
        }
        if !unused.destinations.is_empty() {
            of_destinations.remove(&unused.destinations).await?;
            keep(&of_destinations, stack, Owners::Destinations).await?;
        }
    }
    if as_json {
        print::json(&json!({"unused": names, "removed": removed}));
    } else if names.is_empty() {
        print::line("Every entry of the stack's secrets is used.");
    } else if removed {
        print::line(&format!("Taken away: {shown}"));
    } else {
        print::line(&format!(
            "Nothing in {} uses: {shown}. `landfall secrets unused --remove` takes them away",
            stack.file
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// What another file uses must not be taken away by this one.
async fn same_configuration(stack: &Stack) -> Result<(), Failure> {
    match stack.deployed.running().await? {
        Some(running) if running.digest == stack.digest => Ok(()),
        Some(running) => Err(Failure::usage(format!(
            "`{}` runs with another file ({}) than {} ({}), which may use them: deploy this one first",
            stack.deployed.name(),
            running.digest,
            stack.file,
            stack.digest
        ))),
        None => Err(Failure::usage(format!(
            "`{}` hasn't said yet with which file it runs: its sweeper says so when it first runs",
            stack.deployed.name()
        ))),
    }
}
