//! What `landfall routes test` says.

use std::process::ExitCode;

use protocol::{ledger::EventKey, time::UnixMillis};
use serde_json::{Map, Value, json};

use super::{
    Looked,
    comparison::{Comparison, Count, Counts},
};
use crate::{
    args::{Expectation, GivenTest},
    escape, print,
};

pub(super) struct Report<'c> {
    pub(super) given: &'c GivenTest,
    pub(super) since: UnixMillis,
    pub(super) comparison: Comparison<'c>,
    pub(super) looked: Looked,
}

/// Whether a route matches as many events as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Met,
    NotMet,
    /// There are more events than were looked at.
    Unknown,
}

impl Verdict {
    fn of(expectation: &Expectation, found: u64, stopped: bool) -> Self {
        let Expectation { least, most, .. } = expectation;
        match most {
            Some(most) if found > *most => Self::NotMet,
            Some(_) if stopped => Self::Unknown,
            _ if found >= *least => Self::Met,
            _ if stopped => Self::Unknown,
            _ => Self::NotMet,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::Unknown => "unknown",
        }
    }
}

impl Report<'_> {
    /// Says it, and whether all that was expected is so.
    pub(super) fn print(&self, as_json: bool) -> ExitCode {
        if as_json {
            print::json(&self.json());
        } else {
            self.say();
        }
        for (expectation, found, verdict) in self.verdicts() {
            let matches = format!("--expect {expectation}: the route matches {found} events");
            match verdict {
                Verdict::Met => {}
                Verdict::NotMet => print::note(&matches),
                Verdict::Unknown => print::note(&format!(
                    "{matches} of those that were looked at, and there are more: raise --limit, or look less far back"
                )),
            }
        }
        let met = self.verdicts().all(|(.., verdict)| verdict == Verdict::Met);
        ExitCode::from(u8::from(!met))
    }

    fn verdicts(&self) -> impl Iterator<Item = (&Expectation, u64, Verdict)> {
        self.given.expectations.iter().map(|expectation| {
            let counts = self.comparison.routes.get(&expectation.route);
            let found = counts.map_or(0, |counts| counts.matches.count);
            let verdict = Verdict::of(expectation, found, self.looked.stopped);
            (expectation, found, verdict)
        })
    }

    fn json(&self) -> Value {
        let routes = self.comparison.routes.iter();
        let routes = routes.map(|(name, counts)| (name.clone(), self.told(counts)));
        let expectations = self.verdicts().map(|(expectation, found, verdict)| {
            json!({"expected": expectation.to_string(), "found": found, "verdict": verdict.word()})
        });
        json!({
            "since": self.since,
            "looked_at": self.looked.events,
            "oldest": self.looked.oldest,
            "stopped": self.looked.stopped,
            "compared_with": if self.given.against.is_some() { "file" } else { "legs" },
            "without_legs": self.comparison.without_legs,
            "no_events": self.comparison.no_events,
            "routes": routes.collect::<Map<_, _>>(),
            "expectations": expectations.collect::<Vec<_>>(),
        })
    }

    fn told(&self, counts: &Counts) -> Value {
        let mut told = json!({"is_there": counts.is_there});
        for (word, count) in named(counts) {
            let sample = count.sample.as_ref().map(|sample| {
                let (source, id) = (sample.key.source(), sample.key.id());
                let mut told = json!({"source": source, "event_id": id});
                let about = match word {
                    "matches" | "newly" => None,
                    "changed" => Some("difference").filter(|_| self.given.body),
                    _ => Some("why"),
                };
                if let Some(about) = about {
                    told[about] = sample.about.clone().into();
                }
                told
            });
            told[word] = json!({"events": count.count, "sample": sample});
        }
        told
    }

    fn say(&self) {
        let Looked {
            events,
            oldest,
            stopped,
        } = self.looked;
        print::line(&format!(
            "{events} events were looked at, received since {}.",
            print::time(self.since)
        ));
        if let (true, Some(oldest)) = (stopped, oldest) {
            print::line(&format!(
                "There are more: --limit stopped it at one that was received {}.",
                print::time(oldest)
            ));
        }
        let Comparison {
            without_legs,
            no_events,
            ..
        } = self.comparison;
        if no_events > 0 {
            print::line(&format!(
                "{no_events} of them go no route, whatever it says: bundles, whose items are events of their own, and \
                 questions of providers."
            ));
        }
        if without_legs > 0 {
            print::line(&format!(
                "{without_legs} of them haven't been worked on since they came in, and are compared with nothing."
            ));
        }
        if self.comparison.routes.is_empty() {
            print::line("There are no routes.");
            return;
        }
        let rows = self.comparison.routes.iter().map(|(name, counts)| {
            [
                name.clone(),
                if counts.is_there {
                    counts.matches.count.to_string()
                } else {
                    "gone".to_owned()
                },
                counts.newly.count.to_string(),
                counts.no_longer.count.to_string(),
                counts.fails.count.to_string(),
                counts.changed.count.to_string(),
            ]
        });
        let headings = ["route", "matches", "newly", "no longer", "fails", "changed"];
        print::table(headings, &rows.collect::<Vec<_>>());
        for (name, counts) in &self.comparison.routes {
            for (word, count) in named(counts) {
                self.say_sample(name, word, count);
            }
        }
    }

    fn say_sample(&self, route: &str, word: &str, count: &Count) {
        let Some(sample) = &count.sample else { return };
        let event = event(&sample.key);
        let word = word.replace('_', " ");
        match &sample.about {
            None => print::line(&format!("{route}, {word}: such as {event}")),
            Some(_) if word == "changed" && !self.given.body => {
                print::line(&format!(
                    "{route}, changed: such as {event}; --body shows how"
                ));
            }
            Some(difference) if word == "changed" => {
                print::line(&format!("{route}, changed: such as {event}\n{difference}"));
            }
            Some(why) => print::line(&format!("{route}, {word}: such as {event}: {why}")),
        }
    }
}

/// What is counted, by the names that it is told under.
fn named(counts: &Counts) -> [(&'static str, &Count); 5] {
    [
        ("matches", &counts.matches),
        ("newly", &counts.newly),
        ("no_longer", &counts.no_longer),
        ("fails", &counts.fails),
        ("changed", &counts.changed),
    ]
}

/// An event, as `landfall events show` takes it.
fn event(key: &EventKey) -> String {
    format!("{} {}", key.source(), escape::value(key.id()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_looked_at_can_neither_be_excluded_nor_counted_in() {
        let verdict = |text: &str, found, stopped| {
            let expectation: Expectation = text.parse().unwrap();
            Verdict::of(&expectation, found, stopped).word()
        };
        for (text, found, all, stopped) in [
            ("r=2", 2, "met", "unknown"),
            ("r=2", 3, "not met", "not met"),
            ("r=2", 1, "not met", "unknown"),
            ("r=2..", 2, "met", "met"),
            ("r=2..", 1, "not met", "unknown"),
            ("r=..2", 2, "met", "unknown"),
            ("r=..2", 3, "not met", "not met"),
            ("r=1..2", 0, "not met", "unknown"),
            ("r=0", 0, "met", "unknown"),
        ] {
            assert_eq!(verdict(text, found, false), all, "{text}, {found}");
            assert_eq!(
                verdict(text, found, true),
                stopped,
                "{text}, {found} and more"
            );
        }
    }
}
