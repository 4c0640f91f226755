//! Reads and changes a source's secrets in Secrets Manager. For operators: no function of the stack may write one.

use std::collections::BTreeMap;

use aws_sdk_secretsmanager::{
    Client,
    operation::{
        get_secret_value::GetSecretValueError, put_secret_value::PutSecretValueError,
        update_secret_version_stage::UpdateSecretVersionStageError,
    },
};
use catalogue::Source;
use protocol::fault::{Fault, FaultKind};
use serde_json::Value;
use webhook::keys::{Keys, Purpose, Secret};

use super::text::{self, Newest};
use crate::fault;

/// The stage that marks the version whose secrets count.
const CURRENT: &str = "AWSCURRENT";

/// The stage of a version that doesn't count yet.
const NEXT: &str = "LANDFALL_NEXT";

/// How often it is tried while others write the same secret: each time one of them has succeeded.
const ROUNDS: u8 = 20;

const SETTING: &str = "setting the secret";

/// A secret that a source is to have. It can't be printed.
pub struct NewSecret<'a> {
    /// The secret as the provider hands it out.
    pub value: &'a str,
    /// The name by which logs speak of it.
    pub label: &'a str,
    /// What it is for.
    pub purpose: Purpose,
    /// What becomes of the source's others that are for the same.
    pub others: Others,
}

/// What becomes of the secrets that a source has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// They stay, behind the new one, as far as there is room.
    Stay,
    /// They go.
    Go,
}

/// How many secrets a source has after one was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Those that count.
    pub active: usize,
    /// Those that had to go.
    pub dropped: usize,
}

/// The secrets of a source as they stand in Secrets Manager, newest first.
pub async fn read(client: &Client, stack: &str, source: &Source) -> Result<Vec<Secret>, Fault> {
    let secret = source.secret.unwrap_or(stack);
    let (_, text) = current(client, secret).await?;
    listed(secret, text.as_deref(), source)
}

/// The same of several sources, in their order. What several of them share is read once.
pub async fn read_all(
    client: &Client,
    stack: &str,
    sources: impl Iterator<Item = &Source>,
) -> Vec<Result<Vec<Secret>, Fault>> {
    let mut texts = BTreeMap::new();
    let mut all = Vec::new();
    for source in sources {
        let secret = source.secret.unwrap_or(stack);
        if !texts.contains_key(secret) {
            let read = current(client, secret).await;
            texts.insert(secret, read.map(|(_, text)| text));
        }
        all.push(match &texts[secret] {
            Ok(text) => listed(secret, text.as_deref(), source),
            Err(fault) => Err(fault.clone()),
        });
    }
    all
}

/// What a secret's text says of a source.
fn listed(secret: &str, text: Option<&str>, source: &Source) -> Result<Vec<Secret>, Fault> {
    let entry = match (text, source.secret) {
        (None, _) => None,
        (Some(text), Some(_)) => Some(text::own_entry(text)),
        (Some(text), None) => text::stack(text)
            .map(|mut stack| stack.remove(source.name.as_str()))
            .transpose(),
    };
    let entry = entry.transpose().map_err(|fault| {
        let text = format!("the secret {secret} can't be used: {fault}");
        Fault::new(FaultKind::Malformed, "reading the secret", text)
    })?;
    Ok(entry.map_or_else(Vec::new, |entry| text::entry(&entry).0))
}

/// Puts a secret in front of those of a source, in the source's own secret or in `stack`, the stack's.
/// One that is there already comes to the front. All else in there stays.
///
/// What can't be a key of the source is refused. Nothing that others write at the same time is lost: a new
/// version counts only if the version that it was made from still does.
pub async fn set(
    client: &Client,
    stack: &str,
    source: &Source,
    new: &NewSecret<'_>,
) -> Result<Outcome, Fault> {
    check(source, new)?;
    let secret = source.secret.unwrap_or(stack);
    change(client, secret, |text| changed(text, source, new)).await
}

/// The text of the stack's secret, as it stands there.
pub async fn export(client: &Client, stack: &str) -> Result<String, Fault> {
    let (_, text) = current(client, stack).await?;
    Ok(text.unwrap_or_else(|| "{}".into()))
}

/// Puts back what [`export`] gave, for the sources that have nothing in the stack's secret. What stands there stays.
/// Returns how many sources got something.
pub async fn restore(client: &Client, stack: &str, exported: &str) -> Result<usize, Fault> {
    let unusable = |fault: text::Fault| {
        let text = format!("what was kept can't be used: {fault}");
        Fault::new(FaultKind::Malformed, SETTING, text)
    };
    let kept = text::stack(exported).map_err(unusable)?;
    let (_, now) = current(client, stack).await?;
    let there = text::stack(now.as_deref().unwrap_or("{}")).map_err(unusable)?;
    if kept.keys().all(|source| there.contains_key(source)) {
        return Ok(0);
    }
    let merged = |text: Option<&str>| {
        let there = text::stack(text.unwrap_or("{}"))?;
        let (before, mut all) = (there.len(), kept.clone());
        all.extend(there);
        let added = all.len() - before;
        Ok((Value::from(all).to_string(), added))
    };
    change(client, stack, merged).await
}

/// Writes a secret's next version, made from the one that counts. Nothing that others write at the same time is lost.
async fn change<T: Copy>(
    client: &Client,
    secret: &str,
    next: impl Fn(Option<&str>) -> Result<(String, T), text::Fault>,
) -> Result<T, Fault> {
    let mut written = None;
    for _ in 0..ROUNDS {
        let (old, text) = current(client, secret).await?;
        // The answer to an earlier round's last call was lost, or not: it has succeeded.
        if let (Some(old), Some((version, outcome))) = (&old, &written)
            && old == version
        {
            return Ok(*outcome);
        }
        let (text, outcome) = next(text.as_deref()).map_err(|fault| {
            let text = format!("the secret {secret} is left as it is: {fault}");
            Fault::new(FaultKind::Malformed, SETTING, text)
        })?;
        let put = client
            .put_secret_value()
            .secret_id(secret)
            .secret_string(text)
            .version_stages(NEXT)
            .send()
            .await
            .map_err(|error| match error.as_service_error() {
                Some(PutSecretValueError::ResourceNotFoundException(_)) => absent(secret),
                _ => fault::of("writing the secret", &error),
            })?;
        // The first version of a secret counts by itself.
        if put.version_stages().iter().any(|stage| stage == CURRENT) {
            return Ok(outcome);
        }
        let version = put.version_id().unwrap_or_default().to_owned();
        let moved = client
            .update_secret_version_stage()
            .secret_id(secret)
            .version_stage(CURRENT)
            .move_to_version_id(&version)
            .set_remove_from_version_id(old)
            .send()
            .await;
        match moved {
            Ok(_) => return Ok(outcome),
            // The stage has left the version that was read.
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(UpdateSecretVersionStageError::is_invalid_parameter_exception) =>
            {
                written = Some((version, outcome));
            }
            Err(error) => return Err(fault::of("making the new secret count", &error)),
        }
    }
    let text = format!("the secret {secret} is being changed by others; try again");
    Err(Fault::new(FaultKind::Other, SETTING, text))
}

/// Refuses what ingest couldn't use.
fn check(source: &Source, new: &NewSecret<'_>) -> Result<(), Fault> {
    if new.value.trim().is_empty() {
        return Err(Fault::new(FaultKind::Other, SETTING, "the secret is blank"));
    }
    let secret = Secret::new(new.value, new.label).for_purpose(new.purpose);
    match Keys::load(source.schemes, &[secret]).1.pop() {
        Some(fault) => {
            let name = source.name.as_str();
            let text = format!("`{name}` can't have it: the secret {}", fault.fault);
            Err(Fault::new(FaultKind::Malformed, SETTING, text))
        }
        None => Ok(()),
    }
}

/// The version that counts, and its text. A secret may have none yet.
async fn current(client: &Client, secret: &str) -> Result<(Option<String>, Option<String>), Fault> {
    let read = client.get_secret_value().secret_id(secret).send().await;
    match read {
        Ok(read) => Ok((
            read.version_id().map(str::to_owned),
            Some(read.secret_string().unwrap_or_default().to_owned()),
        )),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(GetSecretValueError::is_resource_not_found_exception) =>
        {
            Ok((None, None))
        }
        Err(error) => Err(fault::of("reading the secret", &error)),
    }
}

fn absent(secret: &str) -> Fault {
    let text = format!(
        "Secrets Manager has no secret {secret} in this account and region. Create it there, and name its ARN in the \
         stack's parameter OwnSecretArns, so that ingest may read it"
    );
    Fault::new(FaultKind::Other, SETTING, text)
}

/// A secret's text with one more secret in it.
fn changed(
    text: Option<&str>,
    source: &Source,
    new: &NewSecret<'_>,
) -> Result<(String, Outcome), text::Fault> {
    let put = |entry: Option<&Value>| {
        let Newest { list, dropped } = text::newest(entry, new);
        let active = list.len();
        (Value::from(list), Outcome { active, dropped })
    };
    if source.secret.is_some() {
        let (list, outcome) = match text {
            Some(text) => put(Some(&text::own_entry(text)?)),
            None => put(None),
        };
        return Ok((list.to_string(), outcome));
    }
    let mut stack = text::stack(text.unwrap_or("{}"))?;
    let name = source.name.as_str();
    let (list, outcome) = put(stack.get(name));
    stack.insert(name.into(), list);
    Ok((Value::from(stack).to_string(), outcome))
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
