//! Which routes an event goes, as `landfall.toml` says it.

use std::collections::BTreeMap;

use catalogue::{Configuration, Payload, Source, route::Route};
use protocol::{decide::limits::Limits, ledger::EventRecord};
use routing::{Event, matching, wants_body};

use crate::run::millis;

/// The routes of a configuration, found by source and by name.
pub struct Router {
    configuration: &'static Configuration,
    /// The routes that take events of a source: an event costs no more where there are many others.
    of_source: BTreeMap<&'static str, Vec<&'static Route>>,
    /// What holds where a route says nothing.
    usual: Limits,
}

impl Router {
    /// The routes of this configuration.
    #[must_use]
    pub fn new(configuration: &'static Configuration, usual: Limits) -> Self {
        let sources = configuration.source_names();
        let of_source = |source: &'static str| {
            let routes = configuration.routes.iter();
            let routes = routes.filter(move |route| route.from.includes(source));
            (source, routes.collect())
        };
        Self {
            configuration,
            of_source: sources.map(of_source).collect(),
            usual,
        }
    }

    /// The route of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&'static Route> {
        self.configuration.routes.get(name)
    }

    /// The routes that take events of this source.
    pub(crate) fn of_source(&self, source: &str) -> &[&'static Route] {
        self.of_source.get(source).map_or(&[], Vec::as_slice)
    }

    /// Whether an event's body has to be there before it is known which routes it goes.
    pub(crate) fn wants_body(&self, event: &EventRecord) -> bool {
        let routes = self.of_source(event.key.source());
        wants_body(routes.iter().copied(), event)
    }

    /// The names of the routes that an event goes.
    pub(crate) fn ways(&self, event: &EventRecord, body: &[u8]) -> Vec<String> {
        let source = event.key.source();
        let event = Event::new(event, body, self.payload(source));
        let judged = matching(self.of_source(source).iter().copied(), &event);
        let goes = judged.into_iter().filter(|(_, judged)| judged.is_ok());
        goes.map(|(route, _)| route.name.as_str().to_owned())
            .collect()
    }

    /// Where in the bodies of a source's events their JSON stands.
    pub(crate) fn payload(&self, source: &str) -> Payload {
        let source = self.configuration.sources.get(source);
        source.map_or(Payload::Body, Source::payload)
    }

    /// How long and how often a leg of an event of this source is tried: as its route says, else its source, else the
    /// stack.
    pub(crate) fn limits(&self, source: &str, route: Option<&Route>) -> Limits {
        let of_source = self.configuration.sources.get(source);
        let usual = Limits {
            tries: of_source
                .and_then(|source| source.tries)
                .unwrap_or(self.usual.tries),
            ..self.usual
        };
        let Some(route) = route else {
            return usual;
        };
        let backoff = route.backoff;
        Limits {
            tries: route.tries.unwrap_or(usual.tries),
            backoff_base: backoff.map_or(usual.backoff_base, |backoff| millis(backoff.base)),
            backoff_max: backoff.map_or(usual.backoff_max, |backoff| millis(backoff.max)),
            age: route.age_limit.map_or(usual.age, millis),
            ..usual
        }
    }
}
