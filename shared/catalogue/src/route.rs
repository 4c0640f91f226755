//! A route: which events go where.

use std::time::Duration;

use crate::{
    condition::Condition, destination::DestinationName, event_template::EventTemplate, name::name,
    reshape::Reshape, source::SourceName,
};

name! {
    /// The name of a route, and of its legs: 1 to 64 of `[a-z0-9-]`.
    RouteName
}

name! {
    /// The name of a handler of the consumer: 1 to 64 of `[a-z0-9-]`.
    HandlerName
}

/// Which events go where, and how often that is tried. All routes that fit an event run, each by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// What its legs are called.
    pub name: RouteName,
    /// Whose events.
    pub from: FromSources,
    /// Of which types; empty: of every type.
    pub types: Vec<TypePattern>,
    /// Of which payloads, where that counts.
    pub condition: Option<Condition>,
    /// To where.
    pub to: To,
    /// What is sent; the original bytes, where nothing is said.
    pub body: Option<Reshape>,
    /// Headers that go along, beside those that the destination always gets.
    pub headers: Vec<(&'static str, EventTemplate)>,
    /// How often it is tried, where it differs from the stack's parameter.
    pub tries: Option<u32>,
    /// How long it waits between two tries, where it differs from the stack's parameters.
    pub backoff: Option<Backoff>,
    /// For how long it is tried at all, from the start of a round.
    pub age_limit: Option<Duration>,
    /// What must not overtake what.
    pub order_by: Option<OrderBy>,
}

/// Whose events a route takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromSources {
    /// Those of every source, but not the landing's own.
    All,
    /// Those of these sources, by name.
    These(Vec<SourceName>),
}

/// The types of events that a route takes: one, or all that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypePattern {
    /// This type.
    Exact(&'static str),
    /// Every type that begins so: what stands before the `*`.
    Beginning(&'static str),
}

/// Where a route leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// To a destination of the configuration.
    Destination(DestinationName),
    /// To a handler of the consumer's own.
    Handler(HandlerName),
}

/// How long a leg waits before its next try: twice as long each time, with jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Before the second try.
    pub base: Duration,
    /// At most.
    pub max: Duration,
}

/// An older state of an entity that comes late is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OrderBy {
    /// What the event is about.
    pub entity: EventTemplate,
    /// How new the state is that it tells of.
    pub version: EventTemplate,
}

/// The routes of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routes(Vec<Route>);

impl Routes {
    pub(crate) fn new(mut list: Vec<Route>) -> Self {
        list.sort_unstable_by_key(|route| route.name);
        Self(list)
    }

    /// The route of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Route> {
        let found = self
            .0
            .binary_search_by(|route| route.name.as_str().cmp(name));
        found.ok().map(|at| &self.0[at])
    }

    /// Every route, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }
}

impl FromSources {
    /// Whether the events of the source of this name are meant.
    #[must_use]
    pub fn includes(&self, source: &str) -> bool {
        match self {
            Self::All => source != SourceName::LANDFALL.as_str(),
            Self::These(names) => names.iter().any(|name| name.as_str() == source),
        }
    }
}

impl TypePattern {
    /// Reads `invoice.paid`, `invoice.*` or `*`; nothing where a `*` stands elsewhere than at the end.
    #[must_use]
    pub fn parse(text: &'static str) -> Option<Self> {
        let (beginning, of): (_, fn(&'static str) -> Self) = match text.strip_suffix('*') {
            Some(beginning) => (beginning, Self::Beginning),
            None => (text, Self::Exact),
        };
        (!text.is_empty() && !beginning.contains('*')).then(|| of(beginning))
    }

    /// Whether an event of this type is meant.
    #[must_use]
    pub fn fits(self, event_type: &str) -> bool {
        match self {
            Self::Exact(exact) => event_type == exact,
            Self::Beginning(beginning) => event_type.starts_with(beginning),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_whatever_follows() {
        let fits = |pattern, event_type| TypePattern::parse(pattern).unwrap().fits(event_type);
        assert!(fits("invoice.paid", "invoice.paid"));
        assert!(!fits("invoice.paid", "invoice.paid.late"));
        assert!(fits("invoice.*", "invoice.paid"));
        assert!(fits("invoice.*", "invoice."));
        assert!(!fits("invoice.*", "invoice"));
        assert!(fits("*", ""));
    }

    #[test]
    fn a_star_stands_at_the_end_or_nowhere() {
        for text in ["", "*.paid", "a*b", "a**"] {
            assert_eq!(TypePattern::parse(text), None, "{text}");
        }
    }

    #[test]
    fn all_sources_are_those_of_providers() {
        assert!(FromSources::All.includes("stripe"));
        assert!(!FromSources::All.includes("landfall"));
        let named = FromSources::These(vec![SourceName::LANDFALL]);
        assert!(named.includes("landfall"));
        assert!(!named.includes("stripe"));
    }
}
