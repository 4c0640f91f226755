//! What a configuration's routes make of events, beside what was made of them before: counted, with a sample of each.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Configuration, route::Route};
use protocol::ledger::EventKey;

use super::difference;
use crate::routes::{
    list::leads_to,
    outgoing::{Sent, sent},
    recorded::{Judged, Recorded},
};

/// What the routes are compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Before<'c> {
    /// The routes that each event went.
    Legs,
    /// Another configuration.
    File(&'c Configuration),
}

/// The events that were looked at, and what came of it.
#[derive(Debug)]
pub(super) struct Comparison<'c> {
    now: &'c Configuration,
    before: Before<'c>,
    /// By the route's name.
    pub(super) routes: BTreeMap<String, Counts>,
    /// Events of which nothing is known to compare with.
    pub(super) without_legs: u64,
    /// Bundles and questions of providers.
    pub(super) no_events: u64,
}

/// What became of one route.
#[derive(Debug, Default)]
pub(super) struct Counts {
    /// Whether the configuration has it.
    pub(super) is_there: bool,
    /// Events that go it.
    pub(super) matches: Count,
    /// Of these, those that didn't.
    pub(super) newly: Count,
    /// Events that went it, and don't any more.
    pub(super) no_longer: Count,
    /// Events that go it, of which nothing can be sent.
    pub(super) fails: Count,
    /// Events that go it and went it, of which something else is sent.
    pub(super) changed: Count,
}

/// How many events, and the first of them.
#[derive(Debug, Default)]
pub(super) struct Count {
    pub(super) count: u64,
    pub(super) sample: Option<Sample>,
}

/// An event for all that are like it.
#[derive(Debug)]
pub(super) struct Sample {
    pub(super) key: EventKey,
    /// What there is to say of it.
    pub(super) about: Option<String>,
}

impl Count {
    fn add(&mut self, recorded: Recorded<'_>, about: impl FnOnce() -> Option<String>) {
        self.count += 1;
        self.sample.get_or_insert_with(|| Sample {
            key: recorded.event.key.clone(),
            about: about(),
        });
    }
}

impl<'c> Comparison<'c> {
    pub(super) fn new(now: &'c Configuration, before: Before<'c>) -> Self {
        let routes = now.routes.iter().map(|route| {
            let counts = Counts {
                is_there: true,
                ..Counts::default()
            };
            (route.name.to_string(), counts)
        });
        Self {
            now,
            before,
            routes: routes.collect(),
            without_legs: 0,
            no_events: 0,
        }
    }

    /// Looks at one more event, which went these routes as far as that is known.
    pub(super) fn add(&mut self, recorded: Recorded<'_>, legs: Option<&[&str]>) {
        let Ok(judged) = recorded.judged(self.now) else {
            self.no_events += 1;
            return;
        };
        let earlier = match self.before {
            Before::Legs => Vec::new(),
            Before::File(before) => recorded.judged(before).unwrap_or_default(),
        };
        let went: Option<BTreeSet<&str>> = match self.before {
            Before::Legs => legs.map(|legs| legs.iter().copied().collect()),
            Before::File(_) => Some(matched(&earlier).map(|route| route.name.as_str()).collect()),
        };
        if went.is_none() {
            self.without_legs += 1;
        }
        let is_sealed = recorded.is_sealed(self.now);
        for route in matched(&judged) {
            let counts = self.routes.entry(route.name.to_string()).or_default();
            counts.matches.add(recorded, || None);
            let went_it = went.as_ref().map(|went| went.contains(route.name.as_str()));
            if went_it == Some(false) {
                counts.newly.add(recorded, || None);
            }
            if is_sealed {
                continue;
            }
            let sends = sent(recorded, route, self.now);
            if let Err(why) = &sends {
                counts.fails.add(recorded, || Some(why.clone()));
            }
            let same = matched(&earlier).find(|earlier| earlier.name == route.name);
            if let (Ok(sends), Some(same), Before::File(before)) = (sends, same, self.before)
                && let Ok(sent) = sent(recorded, same, before)
            {
                let now = Leg { route, sent: sends };
                let before = Leg { route: same, sent };
                if now.text(recorded) != before.text(recorded) {
                    counts.changed.add(recorded, || {
                        Some(difference::lines(
                            &before.text(recorded),
                            &now.text(recorded),
                        ))
                    });
                }
            }
        }
        let goes: BTreeSet<&str> = matched(&judged).map(|route| route.name.as_str()).collect();
        for route in went.iter().flatten().filter(|route| !goes.contains(*route)) {
            let why = judged
                .iter()
                .find(|(judged, _)| judged.name.as_str() == *route);
            let why = why.and_then(|(_, judged)| Some(judged.as_ref().err()?.to_string()));
            let counts = self.routes.entry((*route).to_owned()).or_default();
            counts.no_longer.add(recorded, || why);
        }
    }
}

fn matched<'j, 'c>(judged: &'j [Judged<'c>]) -> impl Iterator<Item = &'c Route> + use<'j, 'c> {
    let judged = judged.iter();
    judged.filter_map(|(route, judged)| judged.is_ok().then_some(*route))
}

/// What goes along a route.
struct Leg<'c> {
    route: &'c Route,
    sent: Sent,
}

impl Leg<'_> {
    /// All that is sent, and where to, line by line.
    fn text(&self, recorded: Recorded<'_>) -> String {
        let Sent {
            body,
            headers,
            key,
            order: _,
        } = &self.sent;
        let to = format!("to {}", leads_to(self.route));
        let headers = headers
            .iter()
            .map(|(name, value)| format!("header {name}: {value}"));
        let key = key.iter().map(|(name, value)| format!("{name}: {value}"));
        let body = difference::readable(body.as_deref().unwrap_or(recorded.body));
        let lines = std::iter::once(to).chain(headers).chain(key).chain([body]);
        lines.map(|line| line + "\n").collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
