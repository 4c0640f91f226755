//! Which routes an event goes, and why it doesn't go the others.

use std::fmt;

use catalogue::route::Route;
use protocol::ledger::EventRecord;

use crate::{
    condition::Mismatch,
    event::{Event, NotJson},
};

/// Why an event doesn't go a route. Nothing of the event is quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoMatch {
    /// The route takes no events of this source.
    Source,
    /// The route takes no events of this type.
    Type,
    /// The route asks for something of the payload, which is no JSON.
    NotJson(NotJson),
    /// The payload isn't what the route asks for.
    Payload(Mismatch),
    /// The route asks for something of the payload, and whoever judges can't open what is encrypted of that.
    Sealed,
}

impl fmt::Display for NoMatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source => f.write_str("it is of another source"),
            Self::Type => f.write_str("it is of another type"),
            Self::NotJson(why) => why.fmt(f),
            Self::Payload(mismatch) => write!(f, "not met: {mismatch}"),
            Self::Sealed => {
                f.write_str("a part of it is encrypted, and the consumer alone opens it")
            }
        }
    }
}

/// For each route whether the event goes it, or why not.
pub fn matching<'r>(
    routes: impl IntoIterator<Item = &'r Route>,
    event: &Event<'_>,
) -> Vec<(&'r Route, Result<(), NoMatch>)> {
    let judged = routes.into_iter().map(|route| (route, goes(route, event)));
    judged.collect()
}

/// Whether the body has to be there before it is known which routes an event goes.
pub fn wants_body<'r>(routes: impl IntoIterator<Item = &'r Route>, record: &EventRecord) -> bool {
    let mut routes = routes.into_iter();
    routes.any(|route| route.condition.is_some() && takes(route, record).is_ok())
}

fn goes(route: &Route, event: &Event<'_>) -> Result<(), NoMatch> {
    takes(route, event.record)?;
    match &route.condition {
        None => Ok(()),
        Some(condition) => event
            .meets(condition)
            .map_err(NoMatch::NotJson)?
            .map_err(NoMatch::Payload),
    }
}

fn takes(route: &Route, record: &EventRecord) -> Result<(), NoMatch> {
    if !route.from.includes(record.key.source()) {
        return Err(NoMatch::Source);
    }
    let is_taken = |event_type: &str| route.types.iter().any(|pattern| pattern.fits(event_type));
    if !route.types.is_empty() && !is_taken(&record.event_type) {
        return Err(NoMatch::Type);
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{
        Condition,
        route::{FromSources, HandlerName, RouteName, To, TypePattern},
        source::SourceName,
    };
    use serde_json::{Value, json};

    use super::*;

    fn route(
        name: &'static str,
        from: &'static str,
        types: &[&'static str],
        condition: Option<Value>,
    ) -> Route {
        let from = match from {
            "*" => FromSources::All,
            source => FromSources::These(vec![SourceName::new(source).unwrap()]),
        };
        let types = types.iter().map(|text| TypePattern::parse(text).unwrap());
        Route {
            name: RouteName::new(name).unwrap(),
            from,
            types: types.collect(),
            condition: condition.map(|pattern| Condition::read(&pattern).unwrap()),
            to: To::Handler(HandlerName::new("any").unwrap()),
            body: None,
            headers: Vec::new(),
            tries: None,
            backoff: None,
            age_limit: None,
            order_by: None,
        }
    }

    fn reasons(routes: &[Route], record: &EventRecord, body: &[u8]) -> Vec<String> {
        let event = Event::new(record, body, catalogue::Payload::Body);
        let judged = matching(routes, &event).into_iter();
        let words =
            judged.map(|(_, judged)| judged.map_or_else(|why| why.to_string(), |()| "goes".into()));
        words.collect()
    }

    #[test]
    fn every_route_that_fits_is_gone_and_every_other_leaves_a_reason() {
        let routes = [
            route("all", "*", &[], None),
            route("other", "stripe", &[], None),
            route("types", "github", &["push", "issue.*"], None),
            route("type", "github", &["push"], None),
            route("met", "github", &[], Some(json!({ "action": ["opened"] }))),
            route(
                "unmet",
                "*",
                &[],
                Some(json!({ "issue": { "id": [{ "numeric": [">", 5] }] } })),
            ),
        ];
        let record = support::records::event("github", "1");
        let unmet = "not met: `issue.id` (numeric)";
        assert_eq!(
            reasons(&routes, &record, br#"{"action":"opened","issue":{"id":1}}"#),
            [
                "goes",
                "it is of another source",
                "goes",
                "it is of another type",
                "goes",
                unmet
            ]
        );
        let not_json = "the payload is not JSON: it is no readable JSON";
        assert_eq!(
            reasons(&routes, &record, b"a=1"),
            [
                "goes",
                "it is of another source",
                "goes",
                "it is of another type",
                not_json,
                not_json
            ]
        );
    }

    #[test]
    fn the_body_is_wanted_where_a_route_that_may_fit_asks_for_something_of_it() {
        let record = support::records::event("github", "1");
        let asks = || Some(json!({ "a": [1] }));
        assert!(!wants_body(&[route("a", "*", &[], None)], &record));
        assert!(!wants_body(&[route("a", "stripe", &[], asks())], &record));
        assert!(!wants_body(
            &[route("a", "github", &["push"], asks())],
            &record
        ));
        assert!(wants_body(
            &[
                route("a", "*", &[], None),
                route("b", "*", &["issue.*"], asks())
            ],
            &record
        ));
    }
}
