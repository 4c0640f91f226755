//! What the tickets of a batch count, in one line for all of them.

use std::sync::{Mutex, PoisonError};

use landfall_aws::metrics::{By, Line, Metric};
use protocol::time::UnixMillis;

/// The line of a batch. It gathers what is counted while the tickets' own lines are written.
#[derive(Debug)]
pub struct BatchLine {
    tickets: usize,
    measured: Mutex<Vec<(Metric, Vec<i64>)>>,
}

impl BatchLine {
    /// That of a batch of so many tickets.
    #[must_use]
    pub const fn of(tickets: usize) -> Self {
        Self {
            tickets,
            measured: Mutex::new(Vec::new()),
        }
    }

    /// A ticket's line as it is to be written. It leaves to the batch what it counts, unless it is the only one, or counts
    /// for its source.
    pub fn take(&self, line: Line, by: By) -> Line {
        if self.tickets <= 1 || by == By::Source {
            return line;
        }
        let mut all = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        for (metric, value) in line.measured() {
            match all.iter_mut().find(|(found, _)| *found == metric) {
                Some((_, values)) => values.push(value),
                None => all.push((metric, vec![value])),
            }
        }
        drop(all);
        line.uncounted()
    }

    /// What the tickets have left to it, if they have left anything: counts as their sum, lengths of time one by one.
    #[must_use]
    pub fn line(&self, stack: &str, now: UnixMillis) -> Option<Line> {
        let all = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        if all.is_empty() {
            return None;
        }
        let line = Line::new("batch", stack, now).number("tickets", self.tickets);
        Some(all.iter().fold(line, |line, (metric, values)| {
            if metric.unit() == "Count" {
                line.value(*metric, values.iter().sum())
            } else {
                line.values(*metric, values.clone())
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use protocol::time::Millis;
    use serde_json::{Value, json};

    use super::*;

    const NOW: UnixMillis = UnixMillis(1);

    fn ticket() -> Line {
        Line::new("attempt", "stack", NOW)
            .source("self")
            .count(Metric::AttemptsSucceeded)
    }

    fn told(line: Option<Line>) -> Value {
        line.map_or(Value::Null, |line| json!(line.json(By::Stack)))
    }

    #[test]
    fn the_tickets_of_a_batch_leave_their_counts_to_one_line() {
        let batch = BatchLine::of(3);
        for (ms, retried) in [(30, 0), (7, 2)] {
            let line = ticket().millis(Metric::AttemptsMs, Millis(ms));
            let line = line.value(Metric::AttemptsRetried, retried);
            let own = told(Some(batch.take(line, By::Stack)));
            assert_eq!(
                (&own["_aws"], &own["attempts.ms"]),
                (&Value::Null, &json!(ms))
            );
        }
        let dropped = batch.take(Line::new("attempt", "stack", NOW), By::Stack);
        assert_eq!(told(Some(dropped))["_aws"], Value::Null);
        insta::assert_snapshot!(format!("{:#}", told(batch.line("stack", NOW))));
    }

    #[test]
    fn a_ticket_that_comes_alone_and_one_that_counts_for_its_source_count_themselves() {
        for (tickets, by) in [(1, By::Stack), (2, By::Source)] {
            let batch = BatchLine::of(tickets);
            assert_eq!(batch.take(ticket(), by), ticket());
            assert_eq!(batch.line("stack", NOW), None);
        }
    }

    #[test]
    fn a_batch_of_which_nothing_is_counted_has_no_line() {
        let batch = BatchLine::of(2);
        let line = batch.take(Line::new("attempt", "stack", NOW), By::Stack);
        assert_eq!(
            (told(Some(line))["stack"].as_str(), batch.line("stack", NOW)),
            (Some("stack"), None)
        );
    }
}
