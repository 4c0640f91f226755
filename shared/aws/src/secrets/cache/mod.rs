//! What is known of the secrets, and when to ask again. Time and texts in, decisions and keys out:
//! no client, no clock.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use catalogue::{Source, Sources};
use protocol::{
    fault::{Fault, FaultKind},
    time::{Millis, UnixMillis},
};
use webhook::keys::{Keys, Secret};

use super::text;

/// How soon a read that failed may be tried again.
const AFTER_FAILURE: Millis = Millis::seconds(5);

/// How soon a source's mismatch may lead to a read again.
const AFTER_MISMATCH: Millis = Millis::seconds(60);

/// The name or ARN of a secret in Secrets Manager.
pub(super) type SecretId = String;

/// The keys of every source, and what is to be read when.
pub(super) struct Cache {
    sources: &'static Sources,
    stack: SecretId,
    ttl: Millis,
    held: HashMap<SecretId, Held>,
    /// In the order of the sources.
    keys: Vec<Option<Arc<Keys>>>,
    /// What is wrong with the entries of sources, as last read.
    faulty: BTreeMap<&'static str, String>,
    mismatched: BTreeMap<&'static str, UnixMillis>,
    /// Until when which sources' quarantines are open, as last read.
    openings: BTreeMap<String, UnixMillis>,
}

/// One secret of Secrets Manager.
#[derive(Default)]
struct Held {
    version: Option<String>,
    /// Not to be read again before.
    next: Option<UnixMillis>,
    /// Whether the last read hasn't brought anything readable, or not yet.
    unsure: bool,
    /// Why it hasn't.
    fault: Option<(FaultKind, String)>,
}

/// What to do about a source whose keys explain no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// Read its secret.
    Read,
    /// Its keys are known well enough.
    Known,
    /// The last read failed, and it is too soon for another.
    Unsure,
}

/// Something to tell the operator. It never quotes a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Complaint {
    /// The source that it concerns, where it is about one.
    pub(super) source: Option<&'static str>,
    /// What is wrong.
    pub(super) fault: String,
}

impl Cache {
    pub(super) fn new(sources: &'static Sources, stack: SecretId, ttl: Millis) -> Self {
        Self {
            sources,
            stack,
            ttl,
            held: HashMap::new(),
            keys: vec![None; sources.iter().count()],
            faulty: BTreeMap::new(),
            mismatched: BTreeMap::new(),
            openings: BTreeMap::new(),
        }
    }

    /// Which secret a source's secrets stand in.
    pub(super) fn secret_of(&self, source: &Source) -> SecretId {
        source
            .secret
            .map_or_else(|| self.stack.clone(), SecretId::from)
    }

    /// Every secret that there is.
    pub(super) fn secrets(&self) -> Vec<SecretId> {
        let ids = (self.sources.iter()).map(|source| source.secret.unwrap_or(&self.stack));
        let ids: BTreeSet<&str> = ids.collect();
        ids.into_iter().map(SecretId::from).collect()
    }

    /// The stack's secret.
    pub(super) fn stack(&self) -> SecretId {
        self.stack.clone()
    }

    /// Until when a source's quarantine is open, as last read.
    pub(super) fn opening(&self, source: &Source) -> Option<UnixMillis> {
        self.openings.get(source.name.as_str()).copied()
    }

    /// The keys of a source as last read. Never empty.
    pub(super) fn keys(&self, source: &Source) -> Option<Arc<Keys>> {
        let at = self.sources.position(source.name.as_str())?;
        self.keys[at].clone()
    }

    /// Whether a secret is to be read now; whoever is told so reads it. Others meanwhile aren't.
    pub(super) fn take_due(&mut self, secret: &SecretId, now: UnixMillis) -> bool {
        let held = self.held.entry(secret.clone()).or_default();
        let due = held.next.is_none_or(|next| next <= now);
        if due {
            held.out(now);
        }
        due
    }

    /// What to do about a source whose keys explain no signature. A read that failed doesn't use up
    /// the minute: without a good one nobody knows that a signature is forged.
    pub(super) fn take_mismatch(&mut self, source: &Source, now: UnixMillis) -> Mismatch {
        let name = source.name.as_str();
        let secret = self.secret_of(source);
        let held = self.held.entry(secret).or_default();
        let last = self.mismatched.get(name);
        let settled = last.is_some_and(|last| now.since(*last) < AFTER_MISMATCH);
        let too_soon = held.next.is_some_and(|next| next > now);
        match (held.unsure, settled, too_soon) {
            (false, true, _) => Mismatch::Known,
            (true, _, true) => Mismatch::Unsure,
            _ => {
                self.mismatched.insert(name, now);
                held.out(now);
                Mismatch::Read
            }
        }
    }

    /// Whether a secret may have no value yet: the stack's, as long as none was seen. One that had a value never loses it,
    /// so that its keys are kept when it can't be found.
    pub(super) fn may_be_empty(&self, secret: &SecretId) -> bool {
        let held = self.held.get(secret);
        *secret == self.stack && held.is_none_or(|held| held.version.is_none())
    }

    /// A read of a secret has failed.
    pub(super) fn failed(&mut self, secret: &SecretId, fault: &Fault) {
        let why = (fault.kind, fault.text.clone());
        self.held.entry(secret.clone()).or_default().fault = Some(why);
    }

    /// Why a source has no keys, or none that are sure: which secret, and what is wrong with it. It
    /// quotes no value.
    pub(super) fn why(&self, source: &Source) -> Fault {
        let secret = self.secret_of(source);
        let unread = self.held.get(&secret).and_then(|held| held.fault.as_ref());
        let (kind, wrong) = match (unread, self.faulty.get(source.name.as_str())) {
            (Some((kind, wrong)), _) => (*kind, wrong.as_str()),
            (None, Some(wrong)) => (FaultKind::Malformed, wrong.as_str()),
            (None, None) if self.is_unsure(&secret) => {
                (FaultKind::Other, "it has not been read yet")
            }
            (None, None) => (FaultKind::Absent, "it holds nothing for this source"),
        };
        let text = format!("the secret {secret}: {wrong}");
        Fault::new(kind, "finding the source's keys", text)
    }

    /// Whether the last read of a secret has failed.
    pub(super) fn is_unsure(&self, secret: &SecretId) -> bool {
        self.held.get(secret).is_none_or(|held| held.unsure)
    }

    /// Takes in a secret that was read. What can't be read leaves the last good keys in place; what
    /// is no longer there is forgotten.
    pub(super) fn loaded(
        &mut self,
        secret: &SecretId,
        version: Option<&str>,
        text: &str,
        now: UnixMillis,
    ) -> Vec<Complaint> {
        let held = self.held.entry(secret.clone()).or_default();
        held.next = Some(now.plus(self.ttl));
        held.unsure = false;
        held.fault = None;
        if version.is_some() && held.version.as_deref() == version {
            return Vec::new();
        }
        held.version = version.map(str::to_owned);
        let mut complaints = if *secret == self.stack {
            self.load_stack(text)
        } else {
            Vec::new()
        };
        let sources = self.sources;
        for (at, source) in sources.iter().enumerate() {
            if source.secret != Some(secret.as_str()) {
                continue;
            }
            match text::own(text) {
                Ok((secrets, faults)) => {
                    complaints.extend(self.install(at, source, &secrets, &faults));
                }
                Err(fault) => {
                    self.unreadable(secret, &fault);
                    complaints.push(Complaint::of(source, &fault));
                }
            }
        }
        complaints
    }

    /// The whole of a secret is no text of ours, so that the keys held may be old. Its version doesn't
    /// count as seen, lest it be complained of only once.
    fn unreadable(&mut self, secret: &SecretId, fault: &impl ToString) {
        let held = self.held.entry(secret.clone()).or_default();
        held.unsure = true;
        held.fault = Some((FaultKind::Malformed, fault.to_string()));
        held.version = None;
    }

    fn load_stack(&mut self, text: &str) -> Vec<Complaint> {
        let mut entries = match text::Entries::read(text) {
            Ok(entries) => entries,
            Err(fault) => {
                self.unreadable(&self.stack.clone(), &fault);
                return vec![Complaint {
                    source: None,
                    fault: fault.to_string(),
                }];
            }
        };
        let mut complaints = Vec::new();
        // What can't be read opens nothing.
        self.openings = text::openings(entries.find(text::QUARANTINE)).unwrap_or_else(|fault| {
            complaints.push(Complaint {
                source: None,
                fault: fault.to_string(),
            });
            BTreeMap::new()
        });
        let sources = self.sources;
        for (at, source) in sources.iter().enumerate() {
            if source.secret.is_none() {
                let entry = entries.take(source.name.as_str());
                let (secrets, faults) = entry.as_ref().map(text::entry).unwrap_or_default();
                complaints.extend(self.install(at, source, &secrets, &faults));
            }
        }
        complaints
    }

    /// Takes in the secrets of the source at this place.
    fn install(
        &mut self,
        at: usize,
        source: &'static Source,
        secrets: &[Secret],
        faults: &[text::Fault],
    ) -> Vec<Complaint> {
        let (keys, more) = Keys::of(source, secrets);
        let faultless = faults.is_empty() && more.is_empty();
        if !keys.is_empty() {
            self.keys[at] = Some(Arc::new(keys));
        } else if faultless {
            self.keys[at] = None;
        }
        let faults = faults.iter().map(|fault| Complaint::of(source, fault));
        let complaints: Vec<_> = faults
            .chain(more.iter().map(|fault| Complaint::of(source, fault)))
            .collect();
        let name = source.name.as_str();
        match complaints.first() {
            Some(first) => self.faulty.insert(name, first.fault.clone()),
            None => self.faulty.remove(name),
        };
        complaints
    }
}

impl Held {
    /// A read is under way. Until it brings something it counts as failed.
    fn out(&mut self, now: UnixMillis) {
        self.next = Some(now.plus(AFTER_FAILURE));
        self.unsure = true;
    }
}

impl Complaint {
    fn of(source: &Source, fault: &impl ToString) -> Self {
        Self {
            source: Some(source.name.as_str()),
            fault: fault.to_string(),
        }
    }
}

#[cfg(test)]
mod tests;
