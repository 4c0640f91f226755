//! What is logged of every ticket that was looked at: one line. What it counts stands in the batch's line, where there is one.

mod batch;
mod legs;

use landfall_aws::metrics::{Line, Metric};
use protocol::{
    decide::{consumer::Claim, finish::Finish},
    fault::Fault,
    ticket::Why,
    time::{Millis, UnixMillis},
};

use crate::legs::Ran;

pub use self::{
    batch::BatchLine,
    legs::{LegLine, LegOutcome},
};

/// A ticket's line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketLine {
    /// The message's id.
    pub message_id: String,
    /// The source, once the ledger has vouched for it.
    pub source: Option<String>,
    /// The event's id.
    pub event_id: Option<String>,
    /// Its type.
    pub event_type: Option<String>,
    /// The further name that operators search for: field and text.
    pub reference: Option<(String, String)>,
    /// Why the ticket was sent.
    pub why: Option<Why>,
    /// Which replay it asks for, if it does.
    pub epoch: Option<u64>,
    /// What it came to.
    pub outcome: TicketOutcome,
    /// Why, in a word.
    pub reason: Option<&'static str>,
    /// What went wrong, in the handler's own words or those of the call that failed.
    pub error: Option<String>,
    /// Which claim it was.
    pub attempt: Option<u64>,
    /// What its legs came to.
    pub legs: Vec<LegLine>,
    /// What became of a bundle's items.
    pub items: Option<Tally>,
    /// How long it all took.
    pub took: Millis,
    /// How old the event is.
    pub age: Option<Millis>,
    /// The trace that the delivery belongs to, where X-Ray keeps it.
    pub trace: Option<String>,
}

/// What became of a bundle's items so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many there are.
    pub all: u64,
    /// How many were written; the others were there.
    pub written: u64,
    /// How many were there with another body.
    pub conflicts: u64,
}

/// What a ticket came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TicketOutcome {
    /// Its legs are done.
    Succeeded,
    /// It was taken apart: its items are events of their own now.
    Split,
    /// No route matched it, and so it is done.
    Unrouted,
    /// It asked whether its provider may send, and the provider was told so.
    Confirmed,
    /// A leg is to be tried again later.
    Retried,
    /// A leg waits for its destination, or because its handler asks for it.
    Held,
    /// A leg was given up; its letter is in the dead-letter queue.
    Failed,
    /// Legs wait, or a deploy is waited for: another ticket will come in place of this one.
    Waits,
    /// Not now: the ticket will come again.
    PutBack,
    /// It was done before.
    Dropped,
    /// There is nothing to do; the ticket is in the dead-letter queue.
    Buried,
    /// The claim was taken over while its legs ran: what they came to is for the new holder to say.
    Fenced,
    /// A call failed: the ticket will come again.
    #[default]
    Unavailable,
}

impl TicketOutcome {
    /// The outcome in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Split => "split",
            Self::Unrouted => "unrouted",
            Self::Confirmed => "confirmed",
            Self::Retried => "retried",
            Self::Held => "held",
            Self::Failed => "failed",
            Self::Waits => "waits",
            Self::PutBack => "put_back",
            Self::Dropped => "dropped",
            Self::Buried => "buried",
            Self::Fenced => "fenced",
            Self::Unavailable => "unavailable",
        }
    }
}

impl Tally {
    fn tell(self, line: Line) -> Line {
        let line = line
            .number("items", self.all)
            .number("items_written", self.written);
        match i64::try_from(self.conflicts) {
            Ok(0) | Err(_) => line,
            Ok(conflicts) => line.value(Metric::BodyConflict, conflicts),
        }
    }
}

impl TicketLine {
    /// Says of a call that it failed. What the handler had said before stays behind it: it may be written nowhere
    /// else.
    pub(crate) fn tell(&mut self, fault: &Fault) {
        self.reason = Some(fault.kind.as_str());
        self.error = Some(match self.error.take() {
            Some(said) => format!("{fault}; before that: {said}"),
            None => fault.to_string(),
        });
    }

    /// Says what came of the runs, once it is written.
    pub(crate) fn finished(&mut self, claim: &Claim, outcomes: &[Ran], finish: &Finish) {
        let came_to = |outcome| self.legs.iter().any(|leg| leg.outcome == outcome);
        self.items = outcomes.iter().find_map(|leg| leg.items);
        self.outcome = if !finish.letters.is_empty() {
            TicketOutcome::Failed
        } else if came_to(LegOutcome::Retried) {
            TicketOutcome::Retried
        } else if came_to(LegOutcome::Held) {
            TicketOutcome::Held
        } else if claim.run.is_empty() {
            TicketOutcome::Waits
        } else {
            let mut done = outcomes.iter().map(|leg| leg.done);
            let special = done.find(|done| *done != TicketOutcome::Succeeded);
            special.unwrap_or(TicketOutcome::Succeeded)
        };
        self.reason = finish.letters.first().map(|letter| letter.reason.as_str());
    }

    /// The log line.
    pub fn line(&self, stack: &str, now: UnixMillis) -> Line {
        let mut line = Line::new("attempt", stack, now);
        // First, so that a field of this name never stands in for one of ours.
        if let Some((field, text)) = &self.reference {
            line = line.text(field.clone(), text);
        }
        if let Some(source) = &self.source {
            line = line.source(source);
        }
        line = line
            .text("message_id", &self.message_id)
            .maybe("event_id", self.event_id.as_deref())
            .maybe("event_type", self.event_type.as_deref())
            .text("outcome", self.outcome.as_str())
            .maybe("reason", self.reason)
            .maybe("error", self.error.as_deref())
            .maybe("trace", self.trace.as_deref())
            .number("ms", self.took.0);
        if let Some(attempt) = self.attempt {
            line = line.number("attempt", attempt);
        }
        if let Some(why) = self.why {
            line = line.text("why", why.as_str());
        }
        if let Some(epoch) = self.epoch {
            line = line.number("epoch", epoch);
        }
        if let Some(items) = self.items {
            line = items.tell(line);
        }
        if self.outcome == TicketOutcome::Unrouted {
            line = line.count(Metric::EventsUnrouted);
        }
        for outcome in LegOutcome::ALL {
            let legs = self.legs.iter().filter(|leg| leg.outcome == outcome);
            match i64::try_from(legs.count()) {
                Ok(0) | Err(_) => {}
                Ok(many) => line = line.add(outcome.metric(), many),
            }
        }
        if !self.legs.is_empty() {
            line = line.parts("legs", self.legs.iter().map(LegLine::json).collect());
        }
        if let Some(age) = self.age {
            line = if self.legs.is_empty() {
                line.number("age_ms", age.0)
            } else {
                line.millis(Metric::EventsAgeMs, age)
            };
        }
        match self.legs.iter().filter_map(|leg| leg.ran).max() {
            Some(ran) => line.millis(Metric::AttemptsMs, ran),
            None => line,
        }
    }
}

#[cfg(test)]
mod tests;
