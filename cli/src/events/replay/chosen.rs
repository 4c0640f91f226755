//! Which events are run again, and which are left out.

use std::collections::BTreeMap;

use protocol::{ports::Position, ticket::Ticket};
use serde_json::{Value, json};

use super::{super::look::Seen, SAMPLE, plan::Plan};
use crate::{escape, failure::Failure, print, stack::Stack};

/// Which events are replayed.
#[derive(Default)]
pub(super) struct Chosen {
    /// Each with its tickets, the newest first.
    pub(super) events: Vec<(Position, Vec<Ticket>)>,
    pub(super) sample: Vec<String>,
    /// Those that won't be, by why.
    pub(super) left_out: BTreeMap<String, LeftOut>,
}

#[derive(Default)]
pub(super) struct LeftOut {
    events: u64,
    such_as: String,
}

impl LeftOut {
    pub(super) fn in_words(&self, why: &str) -> String {
        let such_as = escape::value(&self.such_as);
        match self.events {
            1 => format!("{such_as} is left out: {why}"),
            events => format!("{events} events are left out, such as {such_as}: {why}"),
        }
    }
}

impl Chosen {
    pub(super) async fn one(
        &mut self,
        stack: &Stack,
        plan: &Plan<'_>,
        source: &str,
        id: &str,
    ) -> Result<(), Failure> {
        let Some(found) = stack.deployed.ledger()?.find(source, id).await? else {
            self.leave_out(id, "there is no such event".to_owned());
            return Ok(());
        };
        let seen = Seen {
            event: found.event,
            work: found.work,
            body: None,
        };
        self.add(stack, plan, seen).await
    }

    pub(super) async fn add(
        &mut self,
        stack: &Stack,
        plan: &Plan<'_>,
        seen: Seen,
    ) -> Result<(), Failure> {
        let Seen { event, work, body } = seen;
        let work = work.as_ref();
        let body = match body {
            Some(body) => body,
            None if plan.wants_body(work) => match stack.body(&event).await {
                Ok(body) => body,
                Err(why) => {
                    self.leave_out(&event.event_id, format!("its payload can't be read: {why}"));
                    return Ok(());
                }
            },
            None => Vec::new(),
        };
        match plan.tickets(&event, &body, work) {
            Err(why) => self.leave_out(&event.event_id, why),
            Ok(tickets) => {
                if self.sample.len() < SAMPLE {
                    self.sample.push(format!(
                        "{}  {}  {}  {}  {}",
                        print::time(event.received_at),
                        event.key.source(),
                        escape::value(&event.event_id),
                        escape::value(&event.event_type),
                        super::super::state(work),
                    ));
                }
                let at = Position {
                    received_at: event.received_at,
                    key: event.key,
                };
                self.events.push((at, tickets));
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, id: &str, why: String) {
        let left_out = self.left_out.entry(why).or_default();
        left_out.events += 1;
        if left_out.such_as.is_empty() {
            id.clone_into(&mut left_out.such_as);
        }
    }

    pub(super) fn left_out_json(&self) -> Vec<Value> {
        let left_out = self.left_out.iter();
        left_out
            .map(|(why, of)| json!({"why": why, "events": of.events, "such_as": of.such_as}))
            .collect()
    }

    /// What is meant, before it is asked.
    pub(super) fn say(&self, looked: Option<&str>) {
        let Some(looked) = looked else { return };
        print::line(&format!("{looked}; {} are meant", self.events.len()));
        for line in &self.sample {
            print::line(&format!("  {line}"));
        }
        if self.events.len() > self.sample.len() {
            print::line("  …");
        }
    }
}
