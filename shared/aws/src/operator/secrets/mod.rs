//! Reads and changes a source's secrets in Secrets Manager. For operators: no function of the stack may write one.

mod change;
mod destination;
mod private;
mod quarantine;
mod retire;

use std::collections::BTreeMap;

use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use catalogue::{Handshake, KeyOrigin, Source};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Clock as _,
};
use serde::Serialize;
use serde_json::Value;
use webhook::keys::{Keys, Secret};

use crate::{
    clock::SystemClock,
    fault,
    secrets::{SecretsManager, has_no_value, text},
};
use change::{Front, Owner, changed};

pub use change::{NewSecret, Others, Outcome};
pub use destination::DestinationSecret;
pub use private::{NewPrivateKey, private_keys_of};

/// The stage that marks the version whose secrets count.
const CURRENT: &str = "AWSCURRENT";

/// The stage of a version that doesn't count yet.
const NEXT: &str = "LANDFALL_NEXT";

/// How often it is tried while others write the same secret: each time one of them has succeeded.
const ROUNDS: u8 = 20;

const SETTING: &str = "setting the secret";

/// The sources' secrets, where an operator changes them: the stack's secret, and the sources' own.
#[derive(Clone, Debug)]
pub struct SecretStore {
    client: SecretsManager,
    stack: String,
}

/// A secret for the eyes of whoever asked to see it.
#[derive(Serialize)]
pub struct Revealed {
    /// The secret.
    pub value: String,
    /// The name by which logs speak of it.
    pub label: String,
    /// What it is for, where it doesn't sign.
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
}

/// Whether a source can verify anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It has a secret.
    There,
    /// It has none, or none that can be a key of it.
    Missing,
    /// It wants none: ingest fetches the keys.
    Fetched,
    /// Its secret couldn't be read.
    Unknown(Fault),
}

/// Whether one of these secrets can be a key of the source, or what its keys are had for.
#[must_use]
pub fn can_verify(source: &Source, secrets: &[Secret]) -> bool {
    !Keys::of(source, secrets).0.is_empty()
}

/// Whether the source has a use for a verify token in its handshake.
#[must_use]
pub fn asks_for_token(source: &Source) -> bool {
    source.handshakes.iter().any(Handshake::asks_for_token)
}

impl SecretStore {
    pub(super) fn new(client: SecretsManager, stack: &str) -> Self {
        Self {
            client,
            stack: stack.to_owned(),
        }
    }

    /// The secrets of a source as they stand in Secrets Manager, newest first.
    pub async fn read(&self, source: &Source) -> Result<Vec<Secret>, Fault> {
        let secret = self.secret_of(source);
        let (_, text) = self.current(secret).await?;
        let entry = entry(secret, text.as_deref(), source)?;
        Ok(secrets(entry.as_ref()))
    }

    /// The same of several sources, in their order. What several of them share is read once.
    pub async fn read_all(
        &self,
        sources: impl Iterator<Item = &Source>,
    ) -> Vec<Result<Vec<Secret>, Fault>> {
        let mut texts = BTreeMap::new();
        let mut all = Vec::new();
        for source in sources {
            let secret = self.secret_of(source);
            if !texts.contains_key(secret) {
                let read = self.current(secret).await;
                texts.insert(secret.to_owned(), read.map(|(_, text)| text));
            }
            all.push(match &texts[secret] {
                Ok(text) => {
                    let entry = entry(secret, text.as_deref(), source);
                    entry.map(|entry| secrets(entry.as_ref()))
                }
                Err(fault) => Err(fault.clone()),
            });
        }
        all
    }

    /// Whether these sources can verify anything, in their order.
    pub async fn readiness(&self, sources: impl Iterator<Item = &Source>) -> Vec<Readiness> {
        let sources: Vec<&Source> = sources.collect();
        let read = self.read_all(sources.iter().copied()).await;
        let of_source =
            |(source, read): (&Source, Result<Vec<Secret>, Fault>)| match (source.keys, read) {
                (KeyOrigin::Published { .. } | KeyOrigin::Named { .. }, _) => Readiness::Fetched,
                (KeyOrigin::Secret | KeyOrigin::Asked(_), Ok(secrets))
                    if can_verify(source, &secrets) =>
                {
                    Readiness::There
                }
                (KeyOrigin::Secret | KeyOrigin::Asked(_), Ok(_)) => Readiness::Missing,
                (KeyOrigin::Secret | KeyOrigin::Asked(_), Err(fault)) => Readiness::Unknown(fault),
            };
        sources.into_iter().zip(read).map(of_source).collect()
    }

    /// The secrets of a source, to be shown to the operator.
    pub async fn reveal(&self, source: &Source) -> Result<Vec<Revealed>, Fault> {
        let secret = self.secret_of(source);
        let (_, text) = self.current(secret).await?;
        let entry = entry(secret, text.as_deref(), source)?;
        let stated = entry.as_ref().map(|entry| text::stated(entry).0);
        let revealed = stated.into_iter().flatten().map(|stated| Revealed {
            value: stated.value.to_owned(),
            label: stated.label,
            purpose: text::use_of(stated.purpose).map(str::to_owned),
        });
        Ok(revealed.collect())
    }

    /// Puts a secret in front of those of a source, in the source's own secret or in the stack's. One that is there
    /// already comes to the front. All else in there stays.
    ///
    /// What can't be a key of the source is refused. Nothing that others write at the same time is lost: a new version
    /// counts only if the version that it was made from still does.
    pub async fn set(&self, source: &Source, new: &NewSecret<'_>) -> Result<Outcome, Fault> {
        check(source, new)?;
        let secret = self.secret_of(source);
        let owner = Owner {
            name: source.name.as_str(),
            has_own: source.secret.is_some(),
        };
        let front = Front {
            value: new.value,
            label: new.label,
            used_for: text::use_of(new.purpose),
            others: new.others,
        };
        self.change(secret, |text| changed(text, owner, &front))
            .await
    }

    /// The text of the stack's secret, as it stands there.
    pub async fn export(&self) -> Result<String, Fault> {
        let (_, text) = self.current(&self.stack).await?;
        Ok(text.unwrap_or_else(|| "{}".into()))
    }

    /// Puts back what [`export`](Self::export) gave, for the sources that have nothing in the stack's secret. What
    /// stands there stays. Returns how many sources got something.
    pub async fn restore(&self, exported: &str) -> Result<usize, Fault> {
        let unusable = |fault: text::Fault| {
            let text = format!("what was kept can't be used: {fault}");
            Fault::new(FaultKind::Malformed, SETTING, text)
        };
        let mut kept = text::stack(exported).map_err(unusable)?;
        kept.remove(text::QUARANTINE);
        let (_, now) = self.current(&self.stack).await?;
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
        self.change(&self.stack, merged).await
    }

    /// Whose secrets stand in the stack's secret, by name.
    pub async fn names(&self) -> Result<Vec<String>, Fault> {
        let (_, text) = self.current(&self.stack).await?;
        let entries = text::stack(text.as_deref().unwrap_or("{}")).map_err(|fault| {
            let text = format!("the secret {} can't be used: {fault}", self.stack);
            Fault::new(FaultKind::Malformed, "reading the secret", text)
        })?;
        let names = entries.into_iter().map(|(name, _)| name);
        Ok(names.filter(|name| name != text::QUARANTINE).collect())
    }

    /// Takes the entries of these names out of the stack's secret. All else in there stays. Returns how many there were.
    pub async fn remove(&self, names: &[String]) -> Result<usize, Fault> {
        let without = |text: Option<&str>| {
            let mut entries = text::stack(text.unwrap_or("{}"))?;
            let before = entries.len();
            entries.retain(|name, _| !names.contains(name));
            let removed = before - entries.len();
            Ok((Value::from(entries).to_string(), removed))
        };
        self.change(&self.stack, without).await
    }

    /// Where a source's secrets stand.
    fn secret_of<'a>(&'a self, source: &Source) -> &'a str {
        source.secret.unwrap_or(&self.stack)
    }

    /// Writes a secret's next version, made from the one that counts. Nothing that others write at the same time is lost.
    async fn change<T: Copy>(
        &self,
        secret: &str,
        next: impl Fn(Option<&str>) -> Result<(String, T), text::Fault>,
    ) -> Result<T, Fault> {
        let mut written = None;
        for _ in 0..ROUNDS {
            let (old, text) = self.current(secret).await?;
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
            let token = format!("{:032x}", SystemClock.unique());
            let put = self.client.put(secret, &text, NEXT, &token).await;
            let put = put.map_err(|error| match error.code() {
                Some("ResourceNotFoundException") => absent(secret),
                _ => fault::of("writing the secret", &error),
            })?;
            // The first version of a secret counts by itself.
            if put.stages.iter().any(|stage| stage == CURRENT) {
                return Ok(outcome);
            }
            let (from, to) = (old.as_deref(), put.version);
            match self.client.move_stage(secret, CURRENT, from, &to).await {
                Ok(()) => return Ok(outcome),
                // The stage has left the version that was read.
                Err(error) if error.code() == Some("InvalidParameterException") => {
                    written = Some((to, outcome));
                }
                Err(error) => return Err(fault::of("making the new secret count", &error)),
            }
        }
        let text = format!("the secret {secret} is being changed by others; try again");
        Err(Fault::new(FaultKind::Other, SETTING, text))
    }

    /// The version that counts, and its text. A secret may have none yet.
    async fn current(&self, secret: &str) -> Result<(Option<String>, Option<String>), Fault> {
        let read = self.client.get(secret).await;
        let has_no_value = has_no_value(&read);
        match read {
            Ok(read) if has_no_value => Ok((read.version, None)),
            // One of bytes has a value that is no text of ours.
            Ok(read) => Ok((read.version, Some(read.text.unwrap_or_default()))),
            Err(_) if has_no_value => Ok((None, None)),
            Err(error) => Err(fault::of("reading the secret", &error)),
        }
    }
}

/// What a secret's text says of a source.
fn entry(secret: &str, text: Option<&str>, source: &Source) -> Result<Option<Value>, Fault> {
    let entry = match (text, source.secret) {
        (None, _) => None,
        (Some(text), Some(_)) => Some(text::own_entry(text)),
        (Some(text), None) => text::stack(text)
            .map(|mut stack| stack.remove(source.name.as_str()))
            .transpose(),
    };
    entry.transpose().map_err(|fault| {
        let text = format!("the secret {secret} can't be used: {fault}");
        Fault::new(FaultKind::Malformed, "reading the secret", text)
    })
}

fn secrets(entry: Option<&Value>) -> Vec<Secret> {
    entry.map_or_else(Vec::new, |entry| text::entry(entry).0)
}

/// Refuses what ingest couldn't use.
fn check(source: &Source, new: &NewSecret<'_>) -> Result<(), Fault> {
    if new.value.trim().is_empty() {
        return Err(Fault::new(FaultKind::Other, SETTING, "the secret is blank"));
    }
    let secret = Secret::new(new.value, new.label).for_purpose(new.purpose);
    match Keys::of(source, &[secret]).1.pop() {
        Some(fault) => {
            let name = source.name.as_str();
            let text = format!("`{name}` can't have it: the secret {}", fault.fault);
            Err(Fault::new(FaultKind::Malformed, SETTING, text))
        }
        None => Ok(()),
    }
}

fn absent(secret: &str) -> Fault {
    let text = format!(
        "Secrets Manager has no secret {secret} in this account and region. Create it there, and name its ARN in the \
         stack's parameter OwnSecretArns, so that ingest may read it"
    );
    Fault::new(FaultKind::Other, SETTING, text)
}

#[cfg(test)]
mod fake;
#[cfg(test)]
mod tests;
