//! Which tickets have an event run again, or why it is left out.

use catalogue::{Configuration, Route};
use protocol::{
    ledger::{EventRecord, Leg, LegState, State, Work},
    ticket::{Ticket, Why},
    time::UnixMillis,
};
use routing::NoMatch;

use crate::routes::recorded::Recorded;

/// What is to be run again of an event.
#[derive(Debug)]
pub(super) struct Plan<'c> {
    pub(super) configuration: &'c Configuration,
    /// These routes' legs; all, if there are none.
    pub(super) routes: Vec<&'c Route>,
    /// Also what has succeeded.
    pub(super) again: bool,
    pub(super) now: UnixMillis,
}

const SUCCEEDED: &str = "it succeeded: --again runs it once more";

impl Plan<'_> {
    /// Whether a payload must be there before it is known what is to be run.
    pub(super) fn wants_body(&self, work: Option<&Work>) -> bool {
        let has_leg = |route: &&&Route| work.is_some_and(|work| leg(work, route).is_some());
        !self.routes.iter().all(|route| has_leg(&route))
    }

    /// The tickets that have it run, or why there are none.
    pub(super) fn tickets(
        &self,
        event: &EventRecord,
        body: &[u8],
        work: Option<&Work>,
    ) -> Result<Vec<Ticket>, String> {
        if !event.is_current(self.now) {
            return Err("it has expired".to_owned());
        }
        let ticket = |route: Option<&str>| Ticket {
            route: route.map(str::to_owned),
            epoch: 1 + work.map_or(0, Work::epoch),
            ..Ticket::new(event.key.clone(), event.life(), Why::Replay, self.now)
        };
        if self.routes.is_empty() {
            let legs = self.legs(work)?;
            return Ok(match legs.as_slice() {
                [] => vec![ticket(None)],
                some => some.iter().map(|route| ticket(Some(*route))).collect(),
            });
        }
        let (mut tickets, mut why) = (Vec::new(), None);
        for route in &self.routes {
            match self.refuses(route, event, body, work) {
                None => tickets.push(ticket(Some(route.name.as_str()))),
                Some(refusal) => why = why.or(Some(refusal)),
            }
        }
        match why {
            Some(why) if tickets.is_empty() => Err(why),
            _ => Ok(tickets),
        }
    }

    /// The legs that are to be run, where it isn't all.
    fn legs<'w>(&self, work: Option<&'w Work>) -> Result<Vec<&'w str>, String> {
        let Some(work) = work.filter(|_| !self.again) else {
            return Ok(Vec::new());
        };
        if work.state == State::Succeeded && !work.legs.is_empty() {
            return Err(SUCCEEDED.to_owned());
        }
        if !work.legs.values().any(is_done) {
            return Ok(Vec::new());
        }
        let open = work.legs.iter().filter(|(_, leg)| !is_done(leg));
        Ok(open.map(|(route, _)| route.as_str()).collect())
    }

    /// Why one route's leg isn't to be run.
    fn refuses(
        &self,
        route: &Route,
        event: &EventRecord,
        body: &[u8],
        work: Option<&Work>,
    ) -> Option<String> {
        if let Some(leg) = work.and_then(|work| leg(work, route)) {
            return (is_done(leg) && !self.again).then(|| SUCCEEDED.to_owned());
        }
        let judged = match (Recorded { event, body }).judged(self.configuration) {
            Ok(judged) => judged,
            Err(why) => return Some(why.words().to_owned()),
        };
        let mut judged = judged.into_iter().filter(|(of, _)| of.name == route.name);
        let (_, judged) = judged.next()?;
        // Of what is encrypted the consumer alone knows.
        let why = judged.err().filter(|why| *why != NoMatch::Sealed)?;
        Some(format!("it doesn't go `{}`: {why}", route.name))
    }
}

fn leg<'w>(work: &'w Work, route: &Route) -> Option<&'w Leg> {
    work.legs.get(route.name.as_str())
}

const fn is_done(leg: &Leg) -> bool {
    matches!(leg.state, LegState::Succeeded | LegState::Skipped)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::{Environment, reader};
    use protocol::time::UnixSeconds;
    use support::records;

    use super::*;

    fn configuration() -> Configuration {
        let text = "[sources.github]\nprovider = \"github\"\n\
                    [routes.opened]\nfrom = [\"github\"]\nwhere = { action = [\"opened\"] }\nto = \"handler:h\"\n\
                    [routes.all]\nfrom = \"*\"\nto = \"handler:h\"\n";
        reader::read(text, Environment::Live).unwrap()
    }

    fn plan<'c>(configuration: &'c Configuration, routes: &[&str], again: bool) -> Plan<'c> {
        let routes = routes.iter();
        Plan {
            configuration,
            routes: routes
                .map(|name| configuration.routes.get(name).unwrap())
                .collect(),
            again,
            now: records::RECEIVED,
        }
    }

    fn work(state: State, legs: &[(&str, LegState)]) -> Work {
        let event = records::event("github", "1");
        let mut work = records::work(event.life(), state);
        work.legs = (legs.iter())
            .map(|(route, state)| {
                let leg = Leg {
                    state: *state,
                    ..Leg::opened(event.received_at)
                };
                ((*route).to_owned(), leg)
            })
            .collect();
        work
    }

    /// The routes of the tickets; one without a route is for all.
    fn routes(plan: &Plan<'_>, work: Option<&Work>) -> Result<Vec<Option<String>>, String> {
        let event = records::event("github", "1");
        let tickets = plan.tickets(&event, br#"{"action":"private"}"#, work)?;
        Ok(tickets.into_iter().map(|ticket| ticket.route).collect())
    }

    #[test]
    fn what_succeeded_is_run_again_only_where_that_is_said() {
        let configuration = configuration();
        let once = plan(&configuration, &[], false);
        let again = plan(&configuration, &[], true);
        let named = |name: &str| Some(name.to_owned());

        let done = work(State::Succeeded, &[("all", LegState::Succeeded)]);
        assert_eq!(routes(&once, Some(&done)), Err(SUCCEEDED.to_owned()));
        assert_eq!(routes(&again, Some(&done)), Ok(vec![None]));
        let of_route = plan(&configuration, &["all"], false);
        assert_eq!(routes(&of_route, Some(&done)), Err(SUCCEEDED.to_owned()));
        let of_route = plan(&configuration, &["all"], true);
        assert_eq!(routes(&of_route, Some(&done)), Ok(vec![named("all")]));

        // Of an event that failed in part only that part.
        let legs = [("all", LegState::Succeeded), ("opened", LegState::Failed)];
        let failed = work(State::Failed, &legs);
        assert_eq!(routes(&once, Some(&failed)), Ok(vec![named("opened")]));
        assert_eq!(routes(&again, Some(&failed)), Ok(vec![None]));

        // Nothing was done yet.
        for none in [None, Some(&work(State::Succeeded, &[]))] {
            assert_eq!(routes(&once, none), Ok(vec![None]));
        }
        let failed = work(State::Failed, &[("all", LegState::Failed)]);
        assert_eq!(routes(&once, Some(&failed)), Ok(vec![None]));
    }

    #[test]
    fn a_route_that_it_does_not_go_is_left_out_with_a_reason_that_quotes_no_value() {
        let configuration = configuration();
        let opened = plan(&configuration, &["opened"], false);
        let why = "it doesn't go `opened`: not met: `action` (exact value)";
        assert_eq!(routes(&opened, None), Err(why.to_owned()));
        // It went the route when it came, whatever the file says now.
        let failed = work(State::Failed, &[("opened", LegState::Failed)]);
        assert_eq!(
            routes(&opened, Some(&failed)),
            Ok(vec![Some("opened".to_owned())])
        );
        assert!(opened.wants_body(None) && !opened.wants_body(Some(&failed)));
        // Of several routes those that it goes.
        let both = plan(&configuration, &["opened", "all"], false);
        assert_eq!(routes(&both, None), Ok(vec![Some("all".to_owned())]));
    }

    #[test]
    fn an_event_that_has_expired_is_left_out() {
        let configuration = configuration();
        let expired = EventRecord {
            expires_at: UnixSeconds(1),
            ..records::event("github", "1")
        };
        let plan = plan(&configuration, &[], true);
        assert!(plan.tickets(&expired, b"", None).is_err());
    }

    #[test]
    fn a_ticket_has_a_number_above_all_there_were() {
        let configuration = configuration();
        let event = records::event("github", "1");
        let mut work = work(State::Failed, &[("all", LegState::Failed)]);
        work.all = 3;
        let plan = plan(&configuration, &["all"], false);
        let tickets = plan.tickets(&event, b"", Some(&work)).unwrap();
        let [ticket] = tickets.as_slice() else {
            panic!("{tickets:?}")
        };
        assert_eq!(
            (ticket.why, ticket.epoch, ticket.life),
            (Why::Replay, 4, event.life())
        );
    }
}
