//! The secrets of services that are posted to.

use std::path::Path;

use catalogue::destination::{Destination, Http};
use landfall_aws::{
    clock::SystemClock,
    operator::{self, DestinationSecret, Others, SecretStore},
};
use protocol::ports::Clock as _;
use serde_json::{Value, json};

use super::{
    default_label,
    generate::{Generated, LABEL, Outcome},
    kept, others, value,
};
use crate::{args::GivenSet, escape, failure::Failure, stack::Stack};

/// What stands before a destination's name where a source's might stand.
pub(super) const PREFIX: &str = "destination:";

pub(super) async fn set(
    given: &GivenSet,
    name: &str,
    stack: &Stack,
) -> Result<(Value, String), Failure> {
    let (to, http) = stack.service(name)?;
    if given.verify_token {
        return Err(Failure::usage("no destination has a verify token"));
    }
    if given.certificate.is_some() {
        return Err(Failure::usage("nobody encrypts for a destination"));
    }
    let value = value(given.secret_file.as_deref(), &given.source)?;
    let label = (given.label.clone()).unwrap_or_else(|| default_label(SystemClock.now()));
    let new = DestinationSecret {
        value: &value,
        label: &label,
        header: given.header.as_deref(),
        others: others(given),
    };
    let store = stack.deployed.destination_secrets()?;
    let operator::Outcome { active, dropped } = store.set_of_destination(to, http, &new).await?;
    kept::keep(&store, stack, kept::Owners::Destinations).await?;
    let told = json!({"destination": name, "label": label, "active": active, "dropped": dropped});
    let words = format!(
        "The secret `{}` is the newest of the destination `{name}`, which has {active} now. The consumer knows it when it \
         next reads its secrets: after `SecretTtlSeconds` at the latest.",
        escape::value(&label)
    );
    Ok((told, words))
}

/// Gives services of the local stack what signs for them, unless they have it.
pub(super) async fn generate(
    stack: &Stack,
    folder: &Path,
    services: Vec<(&Destination, &Http)>,
    show: bool,
) -> Result<Vec<Generated>, Failure> {
    // A stack without any may be of a time before there were destinations.
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let store = stack.deployed.destination_secrets()?;
    kept::restore(&store, folder, kept::Owners::Destinations).await?;
    let mut all = Vec::new();
    for (to, http) in services {
        let missing = store.missing_of_destination(to, http).await?;
        let signs = !missing.contains(&None);
        if !signs {
            let value = SecretStore::signing_secret()?;
            let new = DestinationSecret {
                value: &value,
                label: LABEL,
                header: None,
                others: Others::Stay,
            };
            store.set_of_destination(to, http, &new).await?;
        }
        let shown = if show {
            Some(store.reveal_of_destination(to, http).await?)
        } else {
            None
        };
        all.push(Generated {
            source: format!("{PREFIX}{}", to.name),
            outcome: if signs { Outcome::There } else { Outcome::Made },
            shown,
        });
    }
    kept::keep(&store, stack, kept::Owners::Destinations).await?;
    Ok(all)
}
