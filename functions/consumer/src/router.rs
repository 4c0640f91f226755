//! Which handler works on which events.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use crate::handler::{Context, Event, Failure, Handler, handler};

/// The handlers, as [`handlers::routes`](crate::handlers::routes) lists them, and the type of the state that they share.
pub struct Routes<S = ()>(Vec<Route<S>>);

/// A source's name, a pattern of types, and what makes the handler once there is a state.
type Route<S> = (
    String,
    String,
    Box<dyn FnOnce(&Arc<S>) -> Handler + Send + Sync>,
);

/// The routes, checked, by name. All that fit an event run.
#[derive(Default)]
pub struct Router(BTreeMap<String, Checked>);

/// A route, checked.
struct Checked {
    source: String,
    types: Types,
    handler: Handler,
}

/// Which types a route takes.
enum Types {
    /// This one.
    Exact(String),
    /// Those that begin so.
    Beginning(String),
}

impl<S> Default for Routes<S> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<S: Send + Sync + 'static> Routes<S> {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has this handler work on the events of this source whose type is, or begins like, `pattern`:
    /// `invoice.paid` is one type, `invoice.*` every type that begins with `invoice.`, `*` every
    /// type.
    #[must_use]
    pub fn on<F, R>(mut self, source: &str, pattern: &str, function: F) -> Self
    where
        F: Fn(Event, Context) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let made = move |_: &Arc<S>| handler(function);
        self.0.push((source.into(), pattern.into(), Box::new(made)));
        self
    }

    /// As [`on`](Self::on), for a handler that wants the state too.
    #[must_use]
    pub fn on_with<F, R>(mut self, source: &str, pattern: &str, function: F) -> Self
    where
        F: Fn(Event, Context, Arc<S>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let made = move |state: &Arc<S>| {
            let state = Arc::clone(state);
            handler(move |event, context| function(event, context, Arc::clone(&state)))
        };
        self.0.push((source.into(), pattern.into(), Box::new(made)));
        self
    }

    /// The types of a source's events that have a handler, as they were listed.
    pub fn types_of(&self, source: &str) -> impl Iterator<Item = &str> {
        let routes = self.0.iter().filter(move |(name, ..)| name == source);
        routes.map(|(_, pattern, _)| pattern.as_str())
    }
}

impl Router {
    /// The routes with the state that their handlers share, or everything that is wrong with them.
    pub fn new<S>(routes: Routes<S>, state: S) -> Result<Self, Vec<String>> {
        let mut checked = Self::default();
        let mut faults = Vec::new();
        let state = Arc::new(state);
        for (source, pattern, made) in routes.0 {
            let types = match pattern.strip_suffix('*') {
                Some(beginning) => Types::Beginning(beginning.into()),
                None => Types::Exact(pattern.clone()),
            };
            let (Types::Exact(text) | Types::Beginning(text)) = &types;
            let name = format!("{source}:{pattern}");
            if text.contains('*') {
                faults.push(format!(
                    "the route `{source}`, `{pattern}`: `*` may only stand at the end"
                ));
            } else if pattern.is_empty() {
                faults.push(format!(
                    "the route `{source}`, ``: name an event type, or `*` for every type"
                ));
            } else {
                let handler = made(&state);
                let route = Checked {
                    source: source.clone(),
                    types,
                    handler,
                };
                if checked.0.insert(name, route).is_some() {
                    faults.push(format!(
                        "the route `{source}`, `{pattern}` stands there twice"
                    ));
                }
            }
        }
        if faults.is_empty() {
            Ok(checked)
        } else {
            Err(faults)
        }
    }

    /// The names of the routes that fit an event.
    pub(crate) fn matching(&self, source: &str, event_type: &str) -> Vec<String> {
        let fitting = self.0.iter().filter(|(_, route)| {
            let fits = match &route.types {
                Types::Exact(exact) => event_type == exact,
                Types::Beginning(beginning) => event_type.starts_with(beginning.as_str()),
            };
            route.source == source && fits
        });
        fitting.map(|(name, _)| name.clone()).collect()
    }

    /// Every route's name.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The handler that a route leads to.
    pub(crate) fn handler(&self, route: &str) -> Option<&Handler> {
        self.0.get(route).map(|route| &route.handler)
    }

    /// The sources that have handlers.
    pub fn sources(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|route| route.source.as_str())
    }
}
