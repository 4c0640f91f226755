//! What the world of the crash tests consists of: the services, and what is remembered beside them.

use std::{
    collections::BTreeMap,
    ops::{Deref, DerefMut},
};

use catalogue::SourceName;
use protocol::{
    ledger::{EventKey, EventRecord, Life, Work},
    ports::DeadLetter,
};
use support::world::{Seen, Services, Watched};

use super::contract::Ghost;

/// Everything outside the processes.
#[derive(Default)]
pub struct State {
    services: Services,
    /// The table that handlers write to.
    pub projection: BTreeMap<String, u64>,
    /// Every line that was logged.
    pub log: Vec<String>,
    /// What the contract's checks remember.
    pub ghost: Ghost,
}

impl Deref for State {
    type Target = Services;

    fn deref(&self) -> &Services {
        &self.services
    }
}

impl DerefMut for State {
    fn deref_mut(&mut self) -> &mut Services {
        &mut self.services
    }
}

impl Watched for State {
    fn services(&mut self) -> &mut Services {
        &mut self.services
    }

    fn saw(&mut self, process: u64, seen: Seen<'_>) {
        match seen {
            Seen::Claimed(key, before, work) => self.claimed(process, key, before, work),
            Seen::Finished(key, work, told) => {
                self.finished(process, key, work);
                self.told_of_failures(key, work, told);
            }
            Seen::Turned(before, after, told) => self.told_of_turn(before.as_ref(), after, told),
            Seen::Sent(ticket) => {
                let nudged = (ticket.key.clone(), ticket.life);
                self.ghost.nudged.insert(nudged);
            }
            Seen::Buried(letter) => self.buried(process, letter),
            Seen::Delivered(outgoing, answer) => self.delivered(outgoing, answer.is_ok()),
        }
    }
}

impl State {
    /// A process has buried a letter.
    fn buried(&mut self, process: u64, letter: &DeadLetter) {
        self.ghost.buried.push((process, letter.body.clone()));
        let line = format!("letter {} {}", letter.reason, letter.error);
        self.log.push(line);
    }

    /// Whether this secret waits for the operator.
    #[must_use]
    pub fn waits(&self, secret: &str) -> bool {
        let mut pending = self.enrolments.values().filter_map(|e| e.pending.as_ref());
        pending.any(|pending| pending.secret == secret)
    }

    /// How everything stands, in a line: each event's state, runs and epoch, then the letters' reasons.
    #[must_use]
    pub fn summary(&self) -> String {
        let events = self.events.iter().map(|(key, event)| {
            let work = self.works.get(key);
            let state = work.map_or("untouched", |work| work.state.as_str());
            let epoch = work.map_or(0, Work::epoch);
            // A digest names the landing's own.
            let own = key.source() == SourceName::LANDFALL.as_str();
            let id = if own {
                &event.event_type
            } else {
                &event.event_id
            };
            format!("{id} {state}, runs {}, epoch {epoch}", self.runs(key))
        });
        let letters = self
            .sqs
            .letters
            .iter()
            .map(|letter| letter.told.as_ref().map_or("moved", |told| told.reason));
        let events: Vec<_> = events.collect();
        let letters: Vec<_> = letters.collect();
        format!("{} | {}", events.join("; "), letters.join(" "))
            .trim_end()
            .into()
    }

    /// Where an event stands of which a handler knows id and life.
    pub(super) fn key_of(&self, source: &str, id: &str, life: Life) -> EventKey {
        let mut events = self.events.values();
        let found = events.find(|event| {
            (event.key.source(), &*event.event_id, event.life()) == (source, id, life)
        });
        found.map_or_else(|| EventKey::new(source, id), |event| event.key.clone())
    }

    /// The events that still count.
    pub fn current(&self) -> impl Iterator<Item = &EventRecord> {
        let now = self.now();
        self.events
            .values()
            .filter(move |event| event.is_current(now))
    }
}
