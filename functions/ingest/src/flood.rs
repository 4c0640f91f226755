//! How many lines of refusals are written while a flood of them comes: anybody can send one, and each line is paid for and
//! read. Nothing is lost to the metrics: a line that is written counts those before it that were not.
//!
//! Of one reason and source a process writes the first [`WHOLE`] of a minute, then each [`EACH`]th. What it holds back when
//! Lambda ends it stays untold: fewer than [`EACH`] of each reason and source.

use std::collections::BTreeMap;

use landfall_aws::metrics::{Line, Metric};

/// So many refusals of a minute have a line each.
const WHOLE: u32 = 100;

/// Beyond those, each so many have one.
const EACH: i64 = 100;

const MINUTE: i64 = 60_000;

/// What a process has refused lately, by source and reason.
#[derive(Debug, Default)]
pub(crate) struct Flood(BTreeMap<(String, String), Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// The minute that is counted.
    minute: i64,
    /// How many of it had a line.
    lines: u32,
    /// How many had none since the last line.
    held_back: i64,
}

impl Flood {
    /// The line of a refusal, if it is to be written. It says for how many it stands, where that is more than itself.
    pub(crate) fn thinned(&mut self, line: Line) -> Option<Line> {
        let said = |name| line.said(name).unwrap_or_default().to_owned();
        let seen = self.0.entry((said("source"), said("reason"))).or_default();
        let minute = line.at().0.div_euclid(MINUTE);
        if minute != seen.minute {
            (seen.minute, seen.lines) = (minute, 0);
        }
        if seen.lines >= WHOLE && seen.held_back + 1 < EACH {
            seen.held_back += 1;
            return None;
        }
        seen.lines = seen.lines.saturating_add(1);
        let before = std::mem::take(&mut seen.held_back);
        if before == 0 {
            return Some(line);
        }
        let is_forged = line.has(Metric::DeliveriesForged.name());
        let line = line
            .add(Metric::DeliveriesRefused, before)
            .number("stands_for", before + 1);
        Some(if is_forged {
            line.add(Metric::DeliveriesForged, before)
        } else {
            line
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use protocol::time::{Millis, UnixMillis};

    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    fn refusal(source: &str, reason: &str, at: UnixMillis) -> Line {
        let line = Line::new("delivery", "stack", at)
            .source(source)
            .text("reason", reason)
            .count(Metric::DeliveriesRefused);
        match reason {
            "forged" => line.count(Metric::DeliveriesForged),
            _ => line,
        }
    }

    /// What the lines that are written count of a metric, and how many they are.
    fn counted(lines: &[Line], of: Metric) -> (i64, usize) {
        let all = lines.iter().flat_map(Line::measured);
        let sum = all.filter(|(metric, _)| *metric == of).map(|(_, n)| n);
        (sum.sum(), lines.len())
    }

    #[test]
    fn a_few_refusals_have_a_line_each_that_stands_for_itself() {
        let mut flood = Flood::default();
        for _ in 0..100 {
            let line = refusal("github", "forged", NOW);
            assert_eq!(flood.thinned(line.clone()), Some(line));
        }
    }

    #[test]
    fn of_a_flood_each_hundredth_is_written_and_the_metrics_count_all() {
        let mut flood = Flood::default();
        let lines: Vec<Line> = (0..10_000)
            .filter_map(|_| flood.thinned(refusal("github", "forged", NOW)))
            .collect();
        assert_eq!(counted(&lines, Metric::DeliveriesRefused), (10_000, 199));
        assert_eq!(counted(&lines, Metric::DeliveriesForged), (10_000, 199));
        let last = serde_json::to_value(lines[198].json(landfall_aws::metrics::By::Stack)).unwrap();
        assert_eq!(last["stands_for"], 100);
    }

    #[test]
    fn another_reason_another_source_and_another_minute_have_lines_of_their_own() {
        let mut flood = Flood::default();
        for _ in 0..150 {
            flood.thinned(refusal("github", "forged", NOW));
        }
        assert_eq!(flood.thinned(refusal("github", "forged", NOW)), None);
        for line in [
            refusal("github", "stale", NOW),
            refusal("stripe", "forged", NOW),
        ] {
            assert_eq!(flood.thinned(line.clone()), Some(line));
        }
        // The first line of the next minute tells of those that the last one held back.
        let later = NOW.plus(Millis(MINUTE));
        let line = flood.thinned(refusal("github", "forged", later)).unwrap();
        assert_eq!(counted(&[line], Metric::DeliveriesForged), (52, 1));
        let line = refusal("github", "forged", later);
        assert_eq!(flood.thinned(line.clone()), Some(line));
    }
}
