//! The contract, checked where it is broken: at the effect, at the answer, and at the end. S6 has a test of its own.

use std::collections::{BTreeMap, BTreeSet};

use protocol::ledger::{Body, EventKey, EventRecord, Life, State as Stands, Work};
use sha2::{Digest as _, Sha256};
use support::world::sqs::event_of;

use super::{
    sender::{LISTS, NAMED, SOURCE, Sent},
    state::State,
};

/// What the checks remember, and what they found.
#[derive(Default)]
pub struct Ghost {
    /// What was seen that must never be.
    pub violations: Vec<String>,
    /// Every run of a handler, by event.
    pub runs: BTreeMap<EventKey, u64>,
    /// How many events ended unfinished, without a sweeper, with their ticket in the dead-letter queue, put there by
    /// a holder. The model names the one way there: of two who have the same ticket one gives the event up, the other
    /// reads `failed`, which it can't tell from a redrive, claims, and comes to grief; then the ticket is deleted, or
    /// its receipt is no longer good. The sweeper mends it while a look remains; where it doesn't run, the letter is
    /// where the alarm is. The tests say how often this may be.
    pub left_to_a_person: usize,
    /// Every letter, and who put it there.
    pub(super) buried: Vec<(u64, String)>,
    /// Every claim that was written.
    claims: BTreeMap<EventKey, Vec<Claim>>,
    /// The bodies that providers sent.
    pub(super) sent: BTreeMap<EventKey, Vec<Vec<u8>>>,
    /// The events that a delivery carries.
    pub(super) items: BTreeMap<EventKey, Vec<EventKey>>,
    /// Every life of an event of which somebody sent a ticket.
    pub(super) nudged: BTreeSet<(EventKey, Life)>,
    /// The highest epoch that somebody asked for.
    asked: BTreeMap<EventKey, u64>,
    /// Runs that somebody is owed: more than so many, at this epoch or later.
    owed: Vec<Owed>,
    /// Each event as it was first seen in the ledger.
    first: BTreeMap<(EventKey, Life), EventRecord>,
}

struct Claim {
    process: u64,
    life: Life,
    attempt: u64,
    letters: usize,
    runs: u64,
    done: bool,
}

struct Owed {
    key: EventKey,
    runs: u64,
    epoch: u64,
    why: &'static str,
}

impl State {
    /// Notes what must not be.
    pub fn violated(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.ghost.violations.contains(&what) {
            self.ghost.violations.push(what);
        }
    }

    /// A claim was written over what stood there; or the event postponed, which is none.
    pub(super) fn claimed(
        &mut self,
        process: u64,
        key: &EventKey,
        before: Option<Work>,
        work: &Work,
    ) {
        if work.state == Stands::Waiting {
            return;
        }
        let now = self.now();
        if let Some(before) = before {
            let same_life = before.life == work.life;
            if before.state == Stands::Processing && before.until > now {
                self.violated(format!("S3: {key} was claimed while its lease was held"));
            }
            if same_life && work.attempt <= before.attempt {
                self.violated(format!("S3: the attempt of {key} did not rise"));
            }
            if same_life && work.epoch < before.epoch {
                self.violated(format!("S5: the epoch of {key} fell"));
            }
            let asked = self.ghost.asked.get(key).copied().unwrap_or(0);
            let again = before.state == Stands::Succeeded && same_life;
            if again && (work.epoch <= before.epoch || work.epoch > asked) {
                self.violated(format!("S4: {key} had succeeded and nobody asked for more"));
            }
        }
        let letters = self.ghost.buried.len();
        // To take a delivery apart is all that is ever run of it.
        let runs = u64::from(self.ghost.items.contains_key(key));
        if runs > 0 {
            *self.ghost.runs.entry(key.clone()).or_default() += runs;
        }
        self.ghost
            .claims
            .entry(key.clone())
            .or_default()
            .push(Claim {
                process,
                life: work.life,
                attempt: work.attempt,
                letters,
                runs,
                done: false,
            });
    }

    /// The end of a claim was written.
    pub(super) fn finished(&mut self, process: u64, key: &EventKey, work: &Work) {
        let Some(claim) = self.ghost.claims.get(key).and_then(|claims| claims.last()) else {
            return self.violated(format!("S3: {key} was finished without a claim"));
        };
        let held = (claim.process, claim.life, claim.attempt);
        let (done, letters) = (claim.done, claim.letters);
        if held != (process, work.life, work.attempt) {
            self.violated(format!("S3: {key} was finished by another than its holder"));
        }
        if work.state == Stands::Succeeded {
            if let Some(items) = self.ghost.items.get(key).cloned() {
                self.taken_apart(key, &items);
            } else if !done && [SOURCE, LISTS, NAMED].contains(&key.source()) {
                // Of other sources: an event that no route fits is done without a run.
                self.violated(format!("S3: {key} succeeded without a run that did"));
            }
        }
        // Somebody may have taken it out of there since.
        let buried = self.ghost.buried.iter().skip(letters);
        let letter = buried
            .filter(|(by, _)| *by == process)
            .any(|(_, body)| event_of(body).as_ref() == Some(key));
        if work.state == Stands::Failed && !letter {
            self.violated(format!("L1: {key} failed before its ticket was buried"));
        }
    }

    /// A delivery of these events is about to be called done: each must be recorded, and looked at by somebody.
    fn taken_apart(&mut self, key: &EventKey, items: &[EventKey]) {
        let now = self.now();
        for item in items {
            let event = self.events.get(item).filter(|event| event.is_current(now));
            let life = event.map(EventRecord::life);
            let nudged = life.is_some_and(|life| self.ghost.nudged.contains(&(item.clone(), life)));
            if life.is_none() {
                self.violated(format!(
                    "S1: {key} is done, but {item} is not in the ledger"
                ));
            } else if !nudged {
                self.violated(format!("L1: {key} is done, but nobody looks at {item}"));
            }
        }
    }

    /// A handler begins to run.
    pub(super) fn ran(&mut self, key: &EventKey, life: Life, attempt: u64, body: &[u8]) {
        *self.ghost.runs.entry(key.clone()).or_default() += 1;
        let sent = self.ghost.sent.get(key);
        if !sent.is_some_and(|sent| sent.iter().any(|sent| sent == body)) {
            self.violated(format!("S1: the handler of {key} got another body"));
        }
        let runs = self.claim_of(key, life, attempt).map(|claim| {
            claim.runs += 1;
            claim.runs
        });
        if runs != Some(1) {
            self.violated(format!("S4: {key} ran {runs:?} times for one claim"));
        }
    }

    /// A handler is done.
    pub(super) fn did_run(&mut self, key: &EventKey, life: Life, attempt: u64) {
        if let Some(claim) = self.claim_of(key, life, attempt) {
            claim.done = true;
        }
    }

    fn claim_of(&mut self, key: &EventKey, life: Life, attempt: u64) -> Option<&mut Claim> {
        let claims = self.ghost.claims.get_mut(key)?;
        claims
            .iter_mut()
            .find(|claim| (claim.life, claim.attempt) == (life, attempt))
    }

    /// A provider is about to send this.
    pub(super) fn will_be_sent(&mut self, sent: &Sent) {
        let whole = (sent.key.clone(), sent.body.clone());
        let items = sent.items.iter().flatten();
        for (key, body) in items.cloned().chain([whole]) {
            let bodies = self.ghost.sent.entry(key).or_default();
            if !bodies.contains(&body) {
                bodies.push(body);
            }
        }
        if let Some(items) = &sent.items {
            let keys = items.iter().map(|(key, _)| key.clone()).collect();
            self.ghost.items.insert(sent.key.clone(), keys);
        }
    }

    /// Ingest has answered 2xx: S1, and for a duplicate S2, must hold now.
    pub(super) fn answered(&mut self, key: &EventKey, outcome: &str) {
        let promise = if outcome == "accepted" { "S1" } else { "S2" };
        let now = self.now();
        match self.events.get(key) {
            Some(event) if event.is_current(now) => {
                if !self.has_its_body(event) {
                    self.violated(format!(
                        "{promise}: {outcome}, but {key} is without its body"
                    ));
                }
            }
            _ => self.violated(format!(
                "{promise}: {outcome}, but {key} is not in the ledger"
            )),
        }
    }

    fn has_its_body(&self, event: &EventRecord) -> bool {
        let body = match &event.body {
            Body::Inline(bytes) => Some(bytes),
            Body::Object { key, .. } => self.objects.get(key),
        };
        let sent = self.ghost.sent.get(&event.key);
        body.is_some_and(|body| {
            hex::encode(Sha256::digest(body)) == event.body_digest
                && sent.is_some_and(|sent| sent.contains(body))
        })
    }

    fn has_letter(&self, key: &EventKey) -> bool {
        let letters = self.sqs.letters.iter();
        let mut by_holders = letters.filter(|letter| letter.process.is_some());
        by_holders.any(|letter| event_of(&letter.body).as_ref() == Some(key))
    }

    /// How often an event ran.
    #[must_use]
    pub fn runs(&self, key: &EventKey) -> u64 {
        self.ghost.runs.get(key).copied().unwrap_or(0)
    }

    /// From now on somebody is owed a run beyond these, at this epoch or later.
    pub(super) fn owes(&mut self, key: &EventKey, runs: u64, epoch: u64, why: &'static str) {
        let asked = self.ghost.asked.entry(key.clone()).or_default();
        *asked = epoch.max(*asked);
        self.ghost.owed.push(Owed {
            key: key.clone(),
            runs,
            epoch,
            why,
        });
    }

    /// What SQS lost is owed by nobody.
    pub(super) fn forgives(&mut self, key: &EventKey) {
        self.ghost.owed.retain(|owed| owed.key != *key);
    }

    /// What may be seen at any moment: an event never changes, and is never without its body.
    pub(super) fn look(&mut self) {
        let (mut broken, mut new) = (Vec::new(), Vec::new());
        for event in self.events.values() {
            let name = (event.key.clone(), event.life());
            match self.ghost.first.get(&name) {
                Some(first) if first == event => {}
                Some(_) => broken.push(format!("S1: {} was changed", event.key)),
                None => {
                    if !self.has_its_body(event) {
                        broken.push(format!("S1: {} is recorded without its body", event.key));
                    }
                    new.push((name, event.clone()));
                }
            }
        }
        self.ghost.first.extend(new);
        for what in broken {
            self.violated(what);
        }
    }

    /// What must be true when all is quiet: L1 and S5.
    pub(super) fn end(&mut self, swept: bool) {
        let events: Vec<_> = self.current().cloned().collect();
        for event in events {
            let key = &event.key;
            let work = self.works.get(key).filter(|work| work.life == event.life());
            match work.map(|work| work.state) {
                Some(Stands::Succeeded | Stands::Failed) => {}
                // See `left_to_a_person`.
                Some(_) if !swept && self.has_letter(key) => self.ghost.left_to_a_person += 1,
                other => self.violated(format!("L1: {key} ends {other:?}")),
            }
            let claims = self
                .ghost
                .claims
                .get(key)
                .map_or(0, |claims| claims.len() as u64);
            if self.runs(key) > claims {
                self.violated(format!("S4: {key} ran more often than it was claimed"));
            }
        }
        for owed in std::mem::take(&mut self.ghost.owed) {
            let ran = self.runs(&owed.key) > owed.runs;
            let epoch = self.works.get(&owed.key).map_or(0, |work| work.epoch);
            if !ran || epoch < owed.epoch {
                self.violated(format!("S5: {} of {} was swallowed", owed.why, owed.key));
            }
        }
        if !self.sqs.messages.is_empty() {
            self.violated("L1: tickets are left in the queue");
        }
    }
}
