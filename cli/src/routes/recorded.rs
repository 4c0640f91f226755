//! An event of the ledger, and what a configuration makes of it.

use catalogue::{Configuration, route::Route};
use protocol::ledger::EventRecord;
use routing::{Event, NoMatch, matching};
use webhook::{endpoint::subscription, event::bundle};

/// An event of the ledger, with its body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recorded<'e> {
    pub(crate) event: &'e EventRecord,
    pub(crate) body: &'e [u8],
}

/// Why an event goes no route, whatever routes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoEvent {
    /// It is taken apart.
    Bundle,
    /// It is answered.
    Question,
}

impl NoEvent {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Bundle => "it is a bundle: it is taken apart, and its items go routes",
            Self::Question => "it is its provider's question whether to send, which is answered",
        }
    }
}

/// Whether an event goes a route, or why not.
pub(crate) type Judged<'c> = (&'c Route, Result<(), NoMatch>);

impl<'e> Recorded<'e> {
    /// For each route of a configuration whether the event goes it.
    pub(crate) fn judged(self, configuration: &Configuration) -> Result<Vec<Judged<'_>>, NoEvent> {
        if let Some(why) = self.no_event(configuration) {
            return Err(why);
        }
        let event = self.as_routes_see_it(configuration);
        Ok(matching(configuration.routes.iter(), &event))
    }

    /// The event, as the routes of a configuration look at it.
    pub(crate) fn as_routes_see_it(self, configuration: &Configuration) -> Event<'e> {
        let source = configuration.sources.get(self.event.key.source());
        let field = source.and_then(|source| source.provider?.payload_field);
        Event::new(self.event, self.body, field)
    }

    /// Why it goes no route of a configuration, whatever routes there are; `None`: it may.
    pub(crate) fn no_event(self, configuration: &Configuration) -> Option<NoEvent> {
        let Self { event, body } = self;
        let source = configuration.sources.get(event.key.source())?;
        let asks = source.subscription;
        if asks.is_some_and(|asks| subscription::asked(&asks, body).is_some()) {
            return Some(NoEvent::Question);
        }
        bundle::items(source, event, body).map(|_| NoEvent::Bundle)
    }
}
