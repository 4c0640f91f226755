//! An event of the ledger, and what a configuration makes of it.

use catalogue::{Configuration, Payload, Source, route::Route};
use protocol::ledger::EventRecord;
use routing::{Event, NoMatch, matching};
use webhook::{
    endpoint::subscription,
    event::{bundle, sealed::Sealed},
};

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
        let mut judged = matching(configuration.routes.iter(), &event);
        if self.is_sealed(configuration) {
            for (route, judged) in &mut judged {
                let is_taken = !matches!(judged, Err(NoMatch::Source | NoMatch::Type));
                if is_taken && route.condition.is_some() {
                    *judged = Err(NoMatch::Sealed);
                }
            }
        }
        Ok(judged)
    }

    /// Whether something of it is encrypted that the consumer opens: what routes make of it then can't be told here.
    pub(crate) fn is_sealed(self, configuration: &Configuration) -> bool {
        let source = configuration.sources.get(self.event.key.source());
        let encrypted = source.and_then(|source| source.encrypted);
        encrypted.is_some_and(|encrypted| !matches!(Sealed::find(encrypted, self.body), Ok(None)))
    }

    /// The event, as the routes of a configuration look at it.
    pub(crate) fn as_routes_see_it(self, configuration: &Configuration) -> Event<'e> {
        let source = configuration.sources.get(self.event.key.source());
        let payload = source.map_or(Payload::Body, Source::payload);
        Event::new(self.event, self.body, payload)
    }

    /// Why it goes no route of a configuration, whatever routes there are; `None`: it may.
    pub(crate) fn no_event(self, configuration: &Configuration) -> Option<NoEvent> {
        let Self { event, body } = self;
        let source = configuration.sources.get(event.key.source())?;
        let asks = source.subscription;
        if asks.is_some_and(|asks| subscription::asked(asks, body).is_some()) {
            return Some(NoEvent::Question);
        }
        bundle::items(source, event, body).map(|_| NoEvent::Bundle)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use support::records;

    use super::*;

    #[test]
    fn of_an_event_that_is_encrypted_in_part_no_condition_is_judged() {
        let text = "[sources.graph]\nprovider = \"microsoft-graph\"\n\
                    [sources.closed]\nprovider = \"microsoft-graph\"\nkeep_encrypted = true\n\
                    [routes.all]\nfrom = \"*\"\nto = \"handler:h\"\n\
                    [routes.met]\nfrom = \"*\"\nwhere = { id = [\"n1\"] }\nto = \"handler:h\"\n\
                    [routes.other]\nfrom = [\"stripe\"]\nwhere = { id = [\"n1\"] }\nto = \"handler:h\"\n\
                    [sources.stripe]\nprovider = \"stripe\"\n";
        let configuration = reader::read(text, Environment::Live).unwrap();
        let sealed = support::sealed::event("a_block").body;
        let open = r#"{"id":"n1"}"#;
        for (source, body, is_sealed) in [
            ("graph", sealed.as_str(), true),
            ("graph", open, false),
            ("closed", &sealed, false),
            ("stripe", &sealed, false),
        ] {
            let event = records::event(source, "e");
            let recorded = Recorded {
                event: &event,
                body: body.as_bytes(),
            };
            assert_eq!(recorded.is_sealed(&configuration), is_sealed, "{source}");
            let judged = recorded.judged(&configuration).unwrap();
            let judged: Vec<_> = judged
                .into_iter()
                .map(|(route, judged)| (route.name.as_str(), judged.err()))
                .collect();
            let of_met = is_sealed.then_some(NoMatch::Sealed);
            let of_other = (source != "stripe").then_some(NoMatch::Source);
            let expected = [("all", None), ("met", of_met), ("other", of_other)];
            assert_eq!(judged, expected, "{source}");
        }
    }
}
