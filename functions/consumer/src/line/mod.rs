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
            line = line.text(field, text);
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
#[allow(clippy::unwrap_used)]
mod tests {

    use landfall_aws::metrics::By;
    use serde_json::{Value, json};

    use super::*;

    fn leg(route: &str, outcome: LegOutcome) -> LegLine {
        LegLine {
            route: route.into(),
            outcome,
            tries: 1,
            ran: Some(Millis(30)),
            error: None,
        }
    }

    fn json_of(outcome: TicketOutcome, legs: &[LegLine]) -> Value {
        let attempt = TicketLine {
            message_id: "m".into(),
            source: Some("self".into()),
            event_id: Some("v1-verification.completed".into()),
            event_type: Some("verification.completed".into()),
            reference: Some(("verification_id".into(), "v1".into())),
            outcome,
            reason: None,
            error: None,
            attempt: Some(2),
            why: Some(Why::New),
            epoch: None,
            legs: legs.to_vec(),
            items: None,
            took: Millis(50),
            age: Some(Millis(900)),
            trace: None,
        };
        json!(attempt.line("stack", UnixMillis(1)).json(By::Source))
    }

    #[test]
    fn a_line_says_what_operators_search_for() {
        insta::assert_snapshot!(format!(
            "{:#}",
            json_of(
                TicketOutcome::Succeeded,
                &[leg("paid", LegOutcome::Succeeded)]
            )
        ));
    }

    #[test]
    fn a_bundles_line_says_what_became_of_its_items() {
        let line = |conflicts| {
            let attempt = TicketLine {
                outcome: TicketOutcome::Split,
                items: Some(Tally {
                    all: 3,
                    written: 1,
                    conflicts,
                }),
                ..TicketLine::default()
            };
            json!(attempt.line("stack", UnixMillis(1)).json(By::Source))
        };
        let json = line(2);
        assert_eq!(
            (&json["outcome"], &json["items"]),
            (&json!("split"), &json!(3))
        );
        assert_eq!(
            (&json["items_written"], &json["body.conflict"]),
            (&json!(1), &json!(2))
        );
        assert_eq!(line(0)["body.conflict"], Value::Null);
    }

    #[test]
    fn every_leg_is_told_and_counted() {
        let failed = LegLine {
            error: Some("no".into()),
            ..leg("crm", LegOutcome::Failed)
        };
        let legs = [
            leg("paid", LegOutcome::Succeeded),
            leg("audit", LegOutcome::Skipped),
            failed,
            leg("billing", LegOutcome::Held),
            leg("slack", LegOutcome::Retried),
        ];
        let line = json_of(TicketOutcome::Failed, &legs);
        for (metric, many) in [
            ("attempts.succeeded", 2),
            ("attempts.failed", 1),
            ("attempts.held", 1),
            ("attempts.retried", 1),
        ] {
            assert_eq!(line[metric], many, "{metric}");
        }
        let told =
            json!({"route": "crm", "outcome": "failed", "tries": 1, "ms": 30, "error": "no"});
        assert_eq!(line["legs"][2], told);
        let unrouted = json_of(TicketOutcome::Unrouted, &[]);
        assert_eq!(unrouted["events.unrouted"], 1);
    }

    #[test]
    fn what_is_no_attempt_is_not_counted_as_one() {
        for outcome in [
            TicketOutcome::PutBack,
            TicketOutcome::Dropped,
            TicketOutcome::Buried,
            TicketOutcome::Fenced,
            TicketOutcome::Unavailable,
        ] {
            let line = json_of(outcome, &[]);
            for metric in ["attempts.succeeded", "attempts.retried", "attempts.failed"] {
                assert_eq!(line[metric], Value::Null, "{outcome:?}");
            }
            assert_eq!(line["age_ms"], 900);
        }
    }

    #[test]
    fn a_line_says_which_trace_it_belongs_to() {
        let traced = TicketLine {
            trace: Some("1-5759e988-bd862e3fe1be46a994272793".into()),
            ..TicketLine::default()
        };
        let line = json!(traced.line("stack", UnixMillis(1)).json(By::Stack));
        assert_eq!(line["trace"], "1-5759e988-bd862e3fe1be46a994272793");
    }

    #[test]
    fn a_replay_says_which_one_it_is() {
        let line = |why, epoch| {
            let ticket = TicketLine {
                why: Some(why),
                epoch,
                ..TicketLine::default()
            };
            json!(ticket.line("stack", UnixMillis(1)).json(By::Stack))
        };
        assert_eq!(line(Why::Replay, Some(3))["epoch"], 3);
        assert_eq!(line(Why::New, None)["epoch"], Value::Null);
    }

    #[test]
    fn a_reference_never_stands_in_for_a_field_of_ours() {
        let attempt = TicketLine {
            reference: Some(("outcome".into(), "forged".into())),
            ..TicketLine::default()
        };
        let line = json!(attempt.line("stack", UnixMillis(1)).json(By::Source));
        assert_eq!(line["outcome"], "unavailable");
    }

    /// A line of an event that succeeds at once, with names as long as they usually are.
    fn usual() -> Line {
        let line = TicketLine {
            message_id: "059f36b4-87a3-44ab-83d2-661975830a7d".into(),
            source: Some("acme-billing".into()),
            event_id: Some("0f8fad5b-d9cb-469f-a165-70867728950e".into()),
            event_type: Some("customer.subscription.updated".into()),
            outcome: TicketOutcome::Succeeded,
            attempt: Some(1),
            why: Some(Why::New),
            legs: vec![leg("paid-invoices", LegOutcome::Succeeded)],
            took: Millis(50),
            age: Some(Millis(900)),
            ..TicketLine::default()
        };
        line.line("landfall-live", UnixMillis(1_800_000_000_000))
    }

    fn bytes(line: &Line, by: By) -> usize {
        json!(line.json(by)).to_string().len()
    }

    /// What `landfall cost` goes by.
    #[test]
    fn the_price_is_computed_from_these_lines() {
        let of_batch = |tickets| {
            let batch = BatchLine::of(tickets);
            for _ in 0..tickets {
                let _ = batch.take(usual(), By::Stack);
            }
            let line = batch.line("landfall-live", UnixMillis(1_800_000_000_000));
            bytes(&line.unwrap(), By::Stack)
        };
        let known = include_str!("../../../../cli/src/cost/measured.json");
        let known: Value = serde_json::from_str(known).unwrap();
        let own = bytes(&usual().uncounted(), By::Stack);
        let counted = bytes(&usual(), By::Stack);
        let expected = json!({
            "consumer_line_bytes": own,
            "consumer_counts_bytes": counted - own,
            "batch_line_bytes": [[2, of_batch(2)], [10, of_batch(10)]],
            "source_metrics_bytes": bytes(&usual(), By::Source) - counted,
        });
        for (name, value) in expected.as_object().into_iter().flatten() {
            assert_eq!(known[name]["value"], *value, "{name}");
        }
    }
}
