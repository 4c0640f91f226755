//! A route of one environment: its tables laid over each other. Here it is checked that what it names is there.

use std::borrow::Cow;

use crate::{
    own_event::OwnEvent,
    reader::{
        report::{Report, enumerate, meant, shown},
        slot::Slot,
    },
    route::{FromSources, Route, RouteName, To, TypePattern},
    source::{Environment, SourceName},
};

use super::{From, RouteLayer};

/// In the order of their names.
type There<'n> = Vec<(&'n str, Cow<'static, [Environment]>)>;

/// What a route may name, and the environments in which each is there.
pub(in crate::reader) struct Known<'n> {
    pub(in crate::reader) sources: There<'n>,
    pub(in crate::reader) destinations: There<'n>,
    /// The consumer's handlers, where whoever reads knows them.
    pub(in crate::reader) handlers: Option<&'n [&'n str]>,
}

/// A route of one environment, if everything in it is well and agrees.
pub(in crate::reader) fn route(
    name: Option<RouteName>,
    layer: RouteLayer,
    environment: Environment,
    known: &Known<'_>,
    at: usize,
    report: &mut Report<'_>,
) -> Option<Route> {
    let from = from_sources(&layer, environment, known, at, report);
    let to = to(&layer, environment, known, at, report);
    if let Slot::Given(_, To::Handler(_)) = layer.to {
        let headers = layer.headers.at().map(|at| (at, "headers"));
        let body = layer.body.at().map(|at| (at, "body"));
        for (at, key) in headers.into_iter().chain(body) {
            let fault = format!("`{key}` says nothing to a handler, which has the event's own");
            report.add(at, fault, "leave it out");
        }
    }
    Some(Route {
        name: name?,
        from: from?,
        types: layer.types.value().unwrap_or_default(),
        condition: layer.condition.value(),
        to: to?,
        body: layer.body.value(),
        headers: layer.headers.value().unwrap_or_default(),
        tries: layer.tries.value(),
        backoff: layer.backoff.value(),
        age_limit: layer.age_limit.value(),
        order_by: layer.order_by.value(),
    })
}

fn from_sources(
    layer: &RouteLayer,
    environment: Environment,
    known: &Known<'_>,
    at: usize,
    report: &mut Report<'_>,
) -> Option<FromSources> {
    let names = match &layer.from {
        Slot::Given(_, From::These(names)) => names,
        Slot::Given(_, From::All) => return Some(FromSources::All),
        Slot::Faulty => return None,
        Slot::Absent => {
            report.missing(
                at,
                "the route has no `from`",
                "name the sources whose events it takes, from = [\"stripe\"], or write from = \"*\"",
            );
            return None;
        }
    };
    let mut sound = true;
    for (at, name) in names {
        if *name == SourceName::LANDFALL {
            own_types_fit(layer, report);
            continue;
        }
        sound &= is_there(
            ("source", name.as_str()),
            &known.sources,
            environment,
            *at,
            report,
        );
    }
    let names = names.iter().map(|(_, name)| *name).collect();
    sound.then_some(FromSources::These(names))
}

/// What a route takes of the landing's own events must be among them.
fn own_types_fit(layer: &RouteLayer, report: &mut Report<'_>) {
    let Slot::Given(at, types) = &layer.types else {
        return;
    };
    let own = OwnEvent::ALL.map(OwnEvent::as_str);
    let is_of_own = |pattern: &TypePattern| own.iter().any(|own| pattern.fits(own));
    if !types.iter().any(is_of_own) {
        report.add(
            *at,
            "none of these types is one of the landing's own events",
            format!("there are {}", enumerate(own)),
        );
    }
}

fn to(
    layer: &RouteLayer,
    environment: Environment,
    known: &Known<'_>,
    at: usize,
    report: &mut Report<'_>,
) -> Option<To> {
    match (&layer.to, known.handlers) {
        (Slot::Given(at, to @ To::Destination(name)), _) => is_there(
            ("destination", name.as_str()),
            &known.destinations,
            environment,
            *at,
            report,
        )
        .then_some(*to),
        (Slot::Given(at, To::Handler(name)), Some(handlers))
            if !handlers.contains(&name.as_str()) =>
        {
            let mend = match meant(name.as_str(), handlers.iter().copied()) {
                Some(word) => format!("did you mean `handler:{word}`?"),
                None if handlers.is_empty() => "this consumer has none".into(),
                None => format!("there are {}", enumerate(handlers.iter().copied())),
            };
            report.add(*at, format!("the consumer has no handler `{name}`"), mend);
            None
        }
        (Slot::Given(_, to), _) => Some(*to),
        (Slot::Faulty, _) => None,
        (Slot::Absent, _) => {
            report.missing(
                at,
                "the route leads nowhere",
                "name a destination, to = \"billing\", or a handler, to = \"handler:invoices\"",
            );
            None
        }
    }
}

/// Whether what a route names is there, and in this environment.
fn is_there(
    (noun, name): (&str, &str),
    there: &[(&str, Cow<'static, [Environment]>)],
    environment: Environment,
    at: usize,
    report: &mut Report<'_>,
) -> bool {
    let found = there.binary_search_by_key(&name, |(name, _)| *name);
    match found.ok().map(|at| &there[at].1) {
        Some(environments) if environments.contains(&environment) => true,
        Some(_) => {
            let environment = environment.as_str();
            report.add(
                at,
                format!("the {noun} `{name}` is not configured in the environment `{environment}`"),
                format!(
                    "say in a table [routes.name.{environment}] what differs there, or list the route's own \
                     `environments`"
                ),
            );
            false
        }
        None => {
            let mend = match meant(name, there.iter().map(|(name, _)| *name)) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("add a table [{noun}s.{}]", shown(name)),
            };
            report.missing(at, format!("there is no {noun} `{}`", shown(name)), mend);
            false
        }
    }
}
