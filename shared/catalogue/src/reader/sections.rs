//! The sections of the file, and the tables in them: `[sources.…]`, `[destinations.…]` and `[routes.…]`.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    configuration::Configuration,
    destination::{Destination, DestinationName, Destinations},
    hops,
    name::is_name,
    route::{FromSources, Route, RouteName, Routes, To},
    source::{Environment, Source, SourceName, Sources},
};

use super::{
    agree,
    destination::{self, DestinationLayer},
    layers::{Layer, Layers},
    report::{Report, meant, shown},
    route::{self, Known, Placed, RouteLayer},
    source::SourceLayer,
    table::Entries,
    tree::{self, Kind},
};

/// The names of the sections, each with an example of a table in it.
pub(super) const SECTIONS: [(&str, &str); 3] = [
    ("sources", "[sources.stripe]"),
    ("destinations", "[destinations.billing]"),
    ("routes", "[routes.invoices]"),
];

/// What stands at the top of the file.
#[derive(Default)]
pub(super) struct Sections<'d> {
    sources: &'d [tree::Entry],
    destinations: &'d [tree::Entry],
    routes: &'d [tree::Entry],
}

/// A table that the operator has named.
struct Entry<L> {
    name: &'static str,
    at: usize,
    layers: Layers<L>,
}

impl<'d> Sections<'d> {
    /// Reports what else stands at the top of the file.
    pub(super) fn open(document: &'d [tree::Entry], report: &mut Report<'_>) -> Self {
        let mut sections = Self::default();
        for entry in document {
            let (name, at) = (entry.key, entry.at);
            let section = SECTIONS.iter().find(|(section, _)| *section == name);
            match (&entry.node.kind, section) {
                (Kind::Table(entries), Some(_)) => {
                    let slot = match name {
                        "sources" => &mut sections.sources,
                        "destinations" => &mut sections.destinations,
                        _ => &mut sections.routes,
                    };
                    *slot = entries;
                }
                (_, Some((_, example))) => report.missing(
                    at,
                    format!("`{name}` is no table"),
                    format!(
                        "write each {} as a table, for example {example}",
                        name.trim_end_matches('s')
                    ),
                ),
                (Kind::Table(_) | Kind::List(_), None) => {
                    let known = SECTIONS.iter().map(|(section, _)| *section);
                    report.missing(
                        at,
                        format!("nothing reads the table `{}`", shown(name)),
                        match meant(name, known) {
                            Some(section) => format!("did you mean `{section}`?"),
                            None => format!("a source is a table [sources.{}]", shown(name)),
                        },
                    );
                }
                _ => report.missing(
                    at,
                    format!("`{}` stands outside of a source", shown(name)),
                    "put it below the source's name in brackets, for example [sources.stripe]",
                ),
            }
        }
        sections
    }

    /// What all of them say for this environment, as far as it is sound.
    pub(super) fn read(
        self,
        environment: Environment,
        handlers: Option<&[&str]>,
        api: &[&str],
        report: &mut Report<'_>,
    ) -> Configuration {
        let mut there = Vec::with_capacity(self.sources.len());
        let mut sources = Vec::with_capacity(self.sources.len());
        let (mut providers, mut plain) = (agree::Providers::default(), Plain::default());
        // One after the other: what a source's tables say takes room.
        for table in self.sources {
            if let Some(source) = plain.again(table, &sources) {
                there.push((table.key, Cow::Borrowed(&Environment::ALL[..])));
                sources.push(source);
                continue;
            }
            let faults = report.count();
            if let Some(entry) = entry::<SourceLayer>(table, report) {
                let source = source(&entry, environment, &mut providers, report);
                if source.is_some() && report.count() == faults {
                    plain.keep(table, sources.len());
                }
                sources.extend(source);
                there.push((entry.name, entry.layers.environments));
            }
        }
        let destinations: Vec<_> = entries::<DestinationLayer>(self.destinations, report);
        let routes: Vec<_> = entries::<RouteLayer>(self.routes, report);
        let known = Known {
            sources: there,
            destinations: (destinations.iter())
                .map(|entry| (entry.name, entry.layers.environments.clone()))
                .collect(),
            handlers,
        };
        let destinations = destinations.iter();
        let destinations = destinations
            .filter_map(|entry| destination(entry, environment, api, report))
            .collect();
        let routes: Vec<Placed> = (routes.iter())
            .flat_map(|entry| placed(entry, &known, report))
            .collect();
        route::no_loops(&routes, report);
        let routes: Vec<Route> = (routes.into_iter())
            .filter(|placed| placed.environment == environment)
            .map(|placed| placed.route)
            .collect();
        let out = leading_out(&routes);
        for source in &mut sources {
            if out
                .as_ref()
                .is_none_or(|names| names.contains(source.name.as_str()))
            {
                source.headers = match source.headers {
                    [] => &[hops::HEADER],
                    headers => [headers, &[hops::HEADER]].concat().leak(),
                };
            }
        }
        Configuration {
            sources: Sources::new(sources),
            destinations: Destinations::new(destinations),
            routes: Routes::new(routes),
        }
    }
}

/// Sources that say nothing but their provider: of each provider the place of one among all sources. A further one differs
/// from it in nothing but its name.
#[derive(Default)]
struct Plain(BTreeMap<&'static str, usize>);

impl Plain {
    /// The source of this table, if one that says the same was sound.
    fn again(&self, table: &tree::Entry, sources: &[Source]) -> Option<Source> {
        let source = sources.get(*self.0.get(only_provider(table)?)?)?;
        let name = SourceName::new(table.key)?;
        let is_reserved = SourceName::RESERVED.contains(&table.key);
        (!is_reserved).then(|| Source {
            name,
            ..source.clone()
        })
    }

    /// Notes the place of a sound source, for those that say the same.
    fn keep(&mut self, table: &tree::Entry, at: usize) {
        if let Some(provider) = only_provider(table) {
            self.0.insert(provider, at);
        }
    }
}

/// The provider that a table names, if it says nothing else.
fn only_provider(table: &tree::Entry) -> Option<&'static str> {
    let Kind::Table(entries) = &table.node.kind else {
        return None;
    };
    match entries.as_slice() {
        [only] if only.key == "provider" => match only.node.kind {
            Kind::Text(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}

/// The sources whose events may go out by a route. `None`: those of all.
fn leading_out(routes: &[Route]) -> Option<BTreeSet<&'static str>> {
    let mut names = BTreeSet::new();
    for route in routes {
        match (&route.to, &route.from) {
            (To::Handler(_), _) => {}
            (To::Destination(_), FromSources::All) => return None,
            (To::Destination(_), FromSources::These(from)) => {
                names.extend(from.iter().map(|name| name.as_str()));
            }
        }
    }
    Some(names)
}

fn entries<L: Layer>(section: &[tree::Entry], report: &mut Report<'_>) -> Vec<Entry<L>> {
    let tables = section.iter();
    tables.filter_map(|table| entry(table, report)).collect()
}

/// A table of a section. Its name may be at fault; what stands in it is read all the same.
fn entry<L: Layer>(table: &tree::Entry, report: &mut Report<'_>) -> Option<Entry<L>> {
    let (noun, name, at) = (L::NOUN, table.key, table.at);
    let Kind::Table(entries) = &table.node.kind else {
        let section = SECTIONS
            .iter()
            .find(|(section, _)| section.starts_with(noun));
        let (_, example) = section.unwrap_or(&SECTIONS[0]);
        report.add(
            at,
            format!("`{}` stands outside of a {noun}", shown(name)),
            format!("put it below the {noun}'s name in brackets, for example {example}"),
        );
        return None;
    };
    if !is_name(name) {
        report.add(
            at,
            format!("`{}` can't be the name of a {noun}", shown(name)),
            format!(
                "use 1 to 64 lower-case letters, digits and `-`{}",
                L::NAME_IS
            ),
        );
    } else if L::RESERVED.contains(&name) {
        report.add(
            at,
            format!("`{name}` can't be the name of a {noun}: Landfall has it for itself"),
            "choose another",
        );
    }
    Some(Entry {
        name,
        at,
        layers: Layers::read(Entries::File(entries), report),
    })
}

/// Checks a source in every environment and returns that of one.
fn source(
    entry: &Entry<SourceLayer>,
    wanted: Environment,
    providers: &mut agree::Providers,
    report: &mut Report<'_>,
) -> Option<Source> {
    let name = SourceName::new(entry.name);
    let mut found = None;
    for environment in entry.layers.to_check(wanted) {
        let layer = entry.layers.of(environment);
        let source = agree::source(name, &layer, environment, providers, entry.at, report);
        if environment == wanted {
            found = source;
        }
    }
    found
}

/// Checks a destination in every environment and returns that of one.
fn destination(
    entry: &Entry<DestinationLayer>,
    wanted: Environment,
    api: &[&str],
    report: &mut Report<'_>,
) -> Option<Destination> {
    let name = DestinationName::new(entry.name);
    let mut found = None;
    for environment in entry.layers.to_check(wanted) {
        let layer = entry.layers.of(environment);
        let at = layer.leads_at().unwrap_or(entry.at);
        let destination = destination::destination(name, layer.into_owned(), entry.at, report);
        if environment == wanted {
            destination::no_loop(destination.as_ref(), api, at, report);
            found = destination;
        }
    }
    found
}

/// A route in each of its environments: what it names may be missing in one.
fn placed(entry: &Entry<RouteLayer>, known: &Known<'_>, report: &mut Report<'_>) -> Vec<Placed> {
    let name = RouteName::new(entry.name);
    let environments = entry.layers.environments.iter();
    environments
        .filter_map(|environment| {
            let layer = entry.layers.of(*environment);
            let at = layer.leads_at().unwrap_or(entry.at);
            let layer = layer.into_owned();
            let route = route::route(name, layer, *environment, known, entry.at, report)?;
            Some(Placed {
                environment: *environment,
                at,
                route,
            })
        })
        .collect()
}
