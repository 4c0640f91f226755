//! The one log line of a delivery, which carries its metrics too. Of a flood of refusals not each is written ([`crate::flood`]).
//!
//! Of a delivery that has not been verified it tells the source's name, the reason, sizes and the
//! address; never a byte of path, headers, query or body, also where it is kept for the operator.

use std::net::IpAddr;

use landfall_aws::{
    metrics::{Line, Metric},
    trace,
};
use protocol::{
    fault::Fault,
    ledger::EventRecord,
    time::{Millis, UnixMillis},
};
use webhook::refusal::Reason;

use crate::{
    answer::{self, Cause, Denied, Recorded, Taken},
    receive::Settings,
};

/// What is learned of a delivery on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// Its source, if it is configured.
    pub source: Option<&'static str>,
    /// Where it came from.
    pub address: Option<IpAddr>,
    /// The length of its body, decoded.
    pub bytes: usize,
    /// What it carries, once verified.
    pub event: Option<Event>,
    /// Why no ticket was sent for an event that is recorded.
    pub deferred: Option<Fault>,
    /// Whether the ledger holds another body under the same id.
    pub conflict: bool,
    /// Whether it has the shape of one that hands over a secret, and none was to be taken.
    pub not_enrolled: bool,
    /// What came of keeping it for the operator, where that was tried.
    pub quarantine: Option<&'static str>,
}

/// What a verified delivery carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    id: String,
    kind: String,
    reference: Option<(String, String)>,
    secret_label: String,
    body_digest: String,
}

impl Event {
    /// What is logged of an event.
    #[must_use]
    pub fn of(record: &EventRecord) -> Self {
        Self {
            id: record.event_id.clone(),
            kind: record.event_type.clone(),
            reference: record.reference.clone(),
            secret_label: record.secret_label.clone(),
            body_digest: record.body_digest.clone(),
        }
    }
}

impl Note {
    /// The line.
    pub fn line(
        &self,
        answer: &Result<Taken, Denied>,
        settings: &Settings,
        now: UnixMillis,
        took: Millis,
    ) -> Line {
        let mut line = Line::new("delivery", settings.stack, now)
            .millis(Metric::IngestMs, took)
            .number("ms", took.0)
            .number("status", answer::status(answer))
            .number("bytes", self.bytes);
        if let Some(source) = self.source {
            line = line.source(source);
        }
        if let Some(address) = self.address {
            line = line.address("source_ip", address);
        }
        if let Some(event) = &self.event {
            line = event.tell(line);
        }
        if let Some(fault) = &self.deferred {
            line = failure(line.count(Metric::EnqueueDeferred), fault);
        }
        if self.conflict {
            line = line.count(Metric::BodyConflict);
        }
        if self.not_enrolled {
            line = line.text("enrolment", "not open, or another secret waits");
        }
        line = line.maybe("quarantine", self.quarantine);
        if self.event.is_some() && matches!(answer, Err(Denied::Unavailable(_))) {
            line = line
                .count(Metric::DeliveriesUnrecorded)
                .version(settings.version);
        }
        tell(line, answer)
    }
}

/// The line with the trace that the delivery belongs to, given as Lambda gives it. Whoever sends may choose its id, so that
/// it isn't told of a delivery that has not been verified.
pub(crate) fn traced(line: Line, trace: Option<&str>) -> Line {
    if line.has("event_id") {
        line.maybe("trace", trace::kept(trace).as_deref())
    } else {
        line
    }
}

impl Event {
    fn tell(&self, line: Line) -> Line {
        // First, so that a field of ours is never replaced by one that a source names.
        let line = match &self.reference {
            Some((field, text)) if !line.has(field) => line.text(field.clone(), text),
            _ => line,
        };
        line.text("event_id", &self.id)
            .text("event_type", &self.kind)
            .text("secret", &self.secret_label)
            .text("body_digest", &self.body_digest)
    }
}

fn tell(line: Line, answer: &Result<Taken, Denied>) -> Line {
    match answer {
        Ok(taken) => {
            let line = line.text("outcome", taken.outcome());
            match taken {
                Taken::Recorded { how, .. } => line.count(metric(*how)),
                Taken::Handshake(_) | Taken::HandedOver(_) => line,
            }
        }
        Err(Denied::Refused(cause)) => {
            let line = line
                .text("outcome", "refused")
                .text("reason", cause.reason())
                .maybe("detail", cause.detail().map(AsRef::as_ref))
                .count(Metric::DeliveriesRefused);
            if is_forged(cause) {
                line.count(Metric::DeliveriesForged)
            } else {
                line
            }
        }
        Err(Denied::Unavailable(fault)) => {
            let line = line.text("outcome", "unavailable");
            failure(line, fault).count(Metric::DeliveriesUnavailable)
        }
    }
}

/// What is told of a call that failed.
fn failure(line: Line, fault: &Fault) -> Line {
    line.text("reason", fault.kind.as_str())
        .text("error", &fault.to_string())
}

const fn metric(how: Recorded) -> Metric {
    match how {
        Recorded::Accepted => Metric::DeliveriesAccepted,
        Recorded::Duplicate => Metric::DeliveriesDuplicate,
        Recorded::Reopened => Metric::DeliveriesReopened,
    }
}

fn is_forged(cause: &Cause) -> bool {
    matches!(cause, Cause::Signature { refusal, .. } if refusal.reason == Reason::Forged)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_told_of_a_verified_delivery_alone() {
        let line = || Line::new("delivery", "stack", UnixMillis(1));
        let verified = line().text("event_id", "e");
        let trace = Some("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
        let told = traced(verified.clone(), trace);
        assert_eq!(
            told.said("trace"),
            Some("1-5759e988-bd862e3fe1be46a994272793")
        );
        assert!(!traced(verified, None).has("trace"));
        assert!(!traced(line(), trace).has("trace"));
    }
}
