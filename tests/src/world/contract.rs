//! The contract, checked where it is broken: at the effect, at the answer, and at the end. S6 has a test of its own.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    decide::limits::RESERVED,
    ledger::{Body, EventKey, EventRecord, LegState, Life, State as Stands, Work},
    ticket::Ticket,
};
use sha2::{Digest as _, Sha256};

use super::{
    destinations::OUT,
    sender::{LISTS, NAMED, SOURCE, Sent},
    state::State,
};

/// What the checks remember, and what they found.
#[derive(Default)]
pub struct Ghost {
    /// What was seen that must never be.
    pub violations: Vec<String>,
    /// Every run of a handler, by event and route.
    pub runs: BTreeMap<EventKey, BTreeMap<String, u64>>,
    /// How often a leg was skipped in place of a run, for a newer state had gone before.
    skips: BTreeMap<EventKey, u64>,
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
    /// How often somebody may have asked for another round.
    asks: BTreeMap<EventKey, u64>,
    /// How many rounds were opened of what had failed.
    opened: BTreeMap<(EventKey, String), u64>,
    /// Runs that somebody is owed: more than so many, at this epoch or later.
    owed: Vec<Owed>,
    /// The name under which each leg was sent to its destination.
    pub(super) names: BTreeMap<(EventKey, Life, String), String>,
    /// Each event as it was first seen in the ledger.
    first: BTreeMap<(EventKey, Life), EventRecord>,
    /// Whether a route takes what Landfall tells of itself.
    pub(super) telling: bool,
}

struct Claim {
    process: u64,
    life: Life,
    attempt: u64,
    letters: usize,
    /// The legs that it has in hand.
    hand: BTreeSet<String>,
    runs: BTreeMap<String, u64>,
    done: BTreeSet<String>,
}

struct Owed {
    key: EventKey,
    runs: u64,
    epoch: u64,
    why: &'static str,
}

/// The legs that the holder of a claim has in hand.
fn in_hand(work: &Work) -> BTreeSet<String> {
    let legs = work.legs.iter();
    let legs = legs.filter(|(_, leg)| leg.state == LegState::Processing);
    legs.map(|(route, _)| route.clone()).collect()
}

impl State {
    /// Notes what must not be.
    pub fn violated(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.ghost.violations.contains(&what) {
            self.ghost.violations.push(what);
        }
    }

    /// A claim was written over what stood there; or what needs none.
    pub(super) fn claimed(
        &mut self,
        process: u64,
        key: &EventKey,
        before: Option<Work>,
        work: &Work,
    ) {
        let now = self.now();
        if let Some(before) = before.filter(|before| before.life == work.life) {
            if before.state == Stands::Processing && before.until > now {
                self.violated(format!("S3: {key} was claimed while its lease was held"));
            }
            if work.attempt <= before.attempt {
                self.violated(format!("S3: the attempt of {key} did not rise"));
            }
            self.legs_opened(key, &before, work);
        }
        if work.state != Stands::Processing {
            return;
        }
        let letters = self.ghost.buried.len();
        let mut claim = Claim {
            process,
            life: work.life,
            attempt: work.attempt,
            letters,
            hand: in_hand(work),
            runs: BTreeMap::new(),
            done: BTreeSet::new(),
        };
        // To take a delivery apart is all that is ever run of it.
        let apart = work.legs.get(RESERVED);
        if self.ghost.items.contains_key(key) && apart.is_some() {
            claim.runs.insert(RESERVED.into(), 1);
            claim.done.insert(RESERVED.into());
            self.count_run(key, RESERVED);
        }
        self.ghost
            .claims
            .entry(key.clone())
            .or_default()
            .push(claim);
    }

    /// What was done is opened by a replay only, and what failed by whoever asks, once for each ask.
    fn legs_opened(&mut self, key: &EventKey, before: &Work, work: &Work) {
        let asked = self.ghost.asked.get(key).copied().unwrap_or(0);
        for (route, was) in &before.legs {
            let Some(now) = work.legs.get(route) else {
                self.violated(format!("L1: the leg {route} of {key} is gone"));
                continue;
            };
            if now.epoch < was.epoch {
                self.violated(format!("S5: the epoch of {route} of {key} fell"));
            }
            if now.epoch > asked {
                self.violated(format!(
                    "S4: {route} of {key} is replayed, and nobody asked"
                ));
            }
            let replayed = now.epoch > was.epoch;
            let open = now.is_unfinished();
            match was.state {
                LegState::Succeeded | LegState::Skipped if open && !replayed => {
                    self.violated(format!(
                        "S4: {route} of {key} was done, and nobody asked for more"
                    ));
                }
                LegState::Failed if open && !replayed => {
                    let leg = (key.clone(), route.clone());
                    let opened = self.ghost.opened.entry(leg).or_default();
                    *opened += 1;
                    let (opened, asks) = (*opened, self.ghost.asks.get(key).copied());
                    if opened > asks.unwrap_or(0) {
                        self.violated(format!("S4: {route} of {key} had more rounds than asks"));
                    }
                }
                _ => {}
            }
        }
    }

    /// The end of a claim was written.
    pub(super) fn finished(&mut self, process: u64, key: &EventKey, work: &Work) {
        let Some(claim) = self.ghost.claims.get(key).and_then(|claims| claims.last()) else {
            return self.violated(format!("S3: {key} was finished without a claim"));
        };
        let held = (claim.process, claim.life, claim.attempt);
        let (done, hand, letters) = (claim.done.clone(), claim.hand.clone(), claim.letters);
        if held != (process, work.life, work.attempt) {
            self.violated(format!("S3: {key} was finished by another than its holder"));
        }
        if work.state == Stands::Succeeded
            && let Some(items) = self.ghost.items.get(key).cloned()
        {
            self.taken_apart(key, &items);
        }
        let routed =
            |route: &str| route != RESERVED && [SOURCE, LISTS, NAMED, OUT].contains(&key.source());
        for (route, leg) in &work.legs {
            let ended = leg.state == LegState::Succeeded && hand.contains(route);
            if ended && routed(route) && !done.contains(route) {
                self.violated(format!(
                    "S3: {route} of {key} succeeded without a run that did"
                ));
            }
        }
        // Somebody may have taken them out of there since.
        let buried = self.ghost.buried.iter().skip(letters);
        let buried = buried.filter(|(by, _)| *by == process);
        let buried: Vec<_> = buried
            .filter_map(|(_, body)| Ticket::decode(body))
            .filter(|letter| letter.key == *key && letter.life == work.life)
            .map(|letter| letter.route)
            .collect();
        for (route, leg) in &work.legs {
            let told = buried.contains(&Some(route.clone()));
            if leg.state == LegState::Failed && hand.contains(route) && !told {
                self.violated(format!("L1: {route} of {key} failed without a letter"));
            }
            if leg.state == LegState::Skipped && hand.contains(route) {
                *self.ghost.skips.entry(key.clone()).or_default() += 1;
            }
        }
        if work.state == Stands::Failed && work.legs.is_empty() && !buried.contains(&None) {
            self.violated(format!("L1: {key} failed without a letter"));
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
    pub(super) fn ran(
        &mut self,
        key: &EventKey,
        life: Life,
        attempt: u64,
        route: &str,
        body: &[u8],
    ) {
        self.count_run(key, route);
        let sent = self.ghost.sent.get(key);
        if !sent.is_some_and(|sent| sent.iter().any(|sent| sent == body)) {
            self.violated(format!("S1: the handler of {key} got another body"));
        }
        let runs = self.claim_of(key, life, attempt).map(|claim| {
            let runs = claim.runs.entry(route.into()).or_default();
            *runs += 1;
            *runs
        });
        if runs != Some(1) {
            self.violated(format!(
                "S4: {route} of {key} ran {runs:?} times for one claim"
            ));
        }
    }

    fn count_run(&mut self, key: &EventKey, route: &str) {
        let runs = self.ghost.runs.entry(key.clone()).or_default();
        *runs.entry(route.into()).or_default() += 1;
    }

    /// A handler is done.
    pub(super) fn did_run(&mut self, key: &EventKey, life: Life, attempt: u64, route: &str) {
        if let Some(claim) = self.claim_of(key, life, attempt) {
            claim.done.insert(route.into());
        }
    }

    /// The legs that the last claim of an event has in hand.
    pub(super) fn in_hand_of(&self, key: &EventKey) -> BTreeSet<String> {
        let claims = self.ghost.claims.get(key);
        let claim = claims.and_then(|claims| claims.last());
        claim.map(|claim| claim.hand.clone()).unwrap_or_default()
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
        self.may_ask(&sent.key);
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

    /// How often an event ran.
    #[must_use]
    pub fn runs(&self, key: &EventKey) -> u64 {
        self.ghost
            .runs
            .get(key)
            .map_or(0, |runs| runs.values().sum())
    }

    /// The same, and how often it was skipped: either is an answer to whoever asks for a run.
    pub(super) fn answers(&self, key: &EventKey) -> u64 {
        self.runs(key) + self.ghost.skips.get(key).copied().unwrap_or(0)
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

    /// Somebody may have asked for another round of what failed of this event, or of those that it carries.
    pub(super) fn may_ask(&mut self, key: &EventKey) {
        let items = self.ghost.items.get(key).cloned().unwrap_or_default();
        for key in items.iter().chain([key]) {
            *self.ghost.asks.entry(key.clone()).or_default() += 1;
        }
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
    pub(super) fn end(&mut self) {
        let events: Vec<_> = self.current().cloned().collect();
        for event in events {
            let key = &event.key;
            let work = self.works.get(key).filter(|work| work.life == event.life());
            match work.map(|work| work.state) {
                Some(Stands::Succeeded | Stands::Failed) => {}
                other => self.violated(format!("L1: {key} ends {other:?}")),
            }
            let claims = self
                .ghost
                .claims
                .get(key)
                .map_or(0, |claims| claims.len() as u64);
            let runs = self
                .ghost
                .runs
                .get(key)
                .and_then(|runs| runs.values().max());
            if runs.is_some_and(|runs| *runs > claims) {
                self.violated(format!("S4: {key} ran more often than it was claimed"));
            }
        }
        for owed in std::mem::take(&mut self.ghost.owed) {
            let ran = self.answers(&owed.key) > owed.runs;
            let epoch = self.works.get(&owed.key).map_or(0, Work::epoch);
            if !ran || epoch < owed.epoch {
                self.violated(format!("S5: {} of {} was swallowed", owed.why, owed.key));
            }
        }
        if !self.sqs.messages.is_empty() {
            self.violated("L1: tickets are left in the queue");
        }
    }
}
