//! The landing's own events never feed themselves.
//!
//! An event of the source `landfall` tells that another has failed, or that a destination has opened or closed. If what
//! tells of a destination went to that destination, it would be held by the very thing that it tells of, fail with it, and
//! open it again, which is told again. So:
//!
//! 1. A destination that gets the landing's own events gets no others. This is checked here, for each environment.
//! 2. Nothing is told about the landing's own events: that one of them failed, or that a destination which gets them has
//!    opened or closed, is a letter, a metric and an alarm, and no event. The consumer, which makes such events, sees to
//!    that.
//!
//! A handler doesn't open, and its failures are covered by the second rule: it may have both.

use std::collections::BTreeMap;

use crate::{
    configuration::takes_own,
    destination::DestinationName,
    reader::report::Report,
    route::{FromSources, Route, To},
    source::{Environment, SourceName},
};

/// A route of one environment, and where it says to where it leads.
pub(in crate::reader) struct Placed {
    pub(in crate::reader) environment: Environment,
    pub(in crate::reader) at: usize,
    pub(in crate::reader) route: Route,
}

/// Reports every destination that would be told of itself.
pub(in crate::reader) fn check(routes: &[Placed], report: &mut Report<'_>) {
    let mut others: BTreeMap<(&str, DestinationName), &Route> = BTreeMap::new();
    for placed in routes.iter().filter(|placed| takes_others(&placed.route)) {
        if let To::Destination(name) = placed.route.to {
            let key = (placed.environment.as_str(), name);
            others.entry(key).or_insert(&placed.route);
        }
    }
    for placed in routes.iter().filter(|placed| takes_own(&placed.route)) {
        let To::Destination(name) = placed.route.to else {
            continue;
        };
        let Some(other) = others.get(&(placed.environment.as_str(), name)) else {
            continue;
        };
        let by = if other.name == placed.route.name {
            "the same route".to_owned()
        } else {
            format!("the route `{}`", other.name)
        };
        report.add(
            placed.at,
            format!(
                "the destination `{name}` gets the landing's own events, and others by {by}: that it is out of order \
                 would be told to itself"
            ),
            "give the landing's own events a route and a destination of their own; two may have one address",
        );
    }
}

fn takes_others(route: &Route) -> bool {
    match &route.from {
        FromSources::All => true,
        FromSources::These(names) => names.iter().any(|name| *name != SourceName::LANDFALL),
    }
}
