//! What `landfall.toml` says for one environment.

use crate::{
    destination::Destinations,
    route::{Route, Routes, To},
    source::{SourceName, Sources},
};

/// Who sends, where to, and which events go there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Who sends.
    pub sources: Sources,
    /// Where events go.
    pub destinations: Destinations,
    /// Which events go where.
    pub routes: Routes,
}

impl Configuration {
    /// Whether events may stand in the ledger under this source: one that is configured, the landing's own, or that of a
    /// deployment's checks. These two need no line, and no provider ever posts to them.
    #[must_use]
    pub fn knows(&self, source: &str) -> bool {
        let unlisted = [SourceName::LANDFALL, SourceName::CHECK];
        self.sources.get(source).is_some() || unlisted.iter().any(|name| name.as_str() == source)
    }

    /// The sources whose events are looked after: the configured ones, and the landing's own where a route takes its
    /// events.
    pub fn source_names(&self) -> impl Iterator<Item = &'static str> {
        let own = self.routes.iter().any(takes_own);
        let own = own.then_some(SourceName::LANDFALL.as_str());
        let configured = self.sources.iter().map(|source| source.name.as_str());
        configured.chain(own)
    }

    /// Whether a destination gets the landing's own events. What becomes of it is told to nobody, or it would be told of
    /// itself.
    #[must_use]
    pub fn gets_own(&self, destination: &str) -> bool {
        let leads_there =
            |route: &Route| matches!(route.to, To::Destination(to) if to.as_str() == destination);
        let mut routes = self.routes.iter();
        routes.any(|route| takes_own(route) && leads_there(route))
    }
}

/// Whether a route takes the landing's own events.
pub(crate) fn takes_own(route: &Route) -> bool {
    route.from.includes(SourceName::LANDFALL.as_str())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::{reader, source::Environment};

    fn read(routes: &str) -> Configuration {
        let text = format!(
            "[sources.stripe]\nprovider = \"stripe\"\n[destinations.billing]\nhttp = \"https://a.example\"\n\
             [destinations.on-call]\nhttp = \"https://b.example\"\n{routes}"
        );
        reader::read(&text, Environment::Live).unwrap()
    }

    #[test]
    fn the_landings_own_events_are_looked_after_where_a_route_takes_them() {
        let all = "[routes.all]\nfrom = \"*\"\nto = \"billing\"\n";
        let none = read(all);
        assert_eq!(none.source_names().collect::<Vec<_>>(), ["stripe"]);
        assert!(
            none.knows("landfall.check")
                && none.knows("landfall")
                && none.knows("stripe")
                && !none.knows("github")
        );
        assert!(!none.gets_own("billing"));

        let alerts = read(&format!(
            "{all}[routes.alerts]\nfrom = [\"landfall\"]\nto = \"on-call\"\n"
        ));
        assert_eq!(
            alerts.source_names().collect::<Vec<_>>(),
            ["stripe", "landfall"]
        );
        assert!(alerts.gets_own("on-call") && !alerts.gets_own("billing"));
    }
}
