//! Which events are meant: those for which all that was asked for is so.

use std::collections::BTreeSet;

use catalogue::{Configuration, route::TypePattern};
use landfall_aws::operator::Along;
use protocol::{
    ledger::{EventKey, LegState, Trouble, Work},
    reason::Reason,
};

use crate::{
    args::{GivenWhich, StateWord},
    failure::Failure,
    stack::Stack,
};

/// Which events are meant.
#[derive(Debug, Default)]
pub(crate) struct Which<'a> {
    sources: Vec<&'a str>,
    types: Option<TypePattern>,
    states: Vec<StateWord>,
    /// A leg of one of these.
    routes: Option<BTreeSet<&'a str>>,
    reason: Option<Reason>,
    error: Option<&'a str>,
    id: Option<&'a str>,
    text: Option<&'a str>,
}

impl<'a> Which<'a> {
    pub(crate) fn new(given: &'a GivenWhich, stack: &'a Stack) -> Result<Self, Failure> {
        let sources = given.sources.iter().map(|name| stack.source_name(name));
        let filter = &given.filter;
        let types = filter.event_type.as_ref().map(|text| {
            // It is read once, and lives as long as the process does.
            TypePattern::parse(text.clone().leak())
                .ok_or_else(|| Failure::usage("--type takes `invoice.paid`, `invoice.*` or `*`"))
        });
        let route = given.route.as_deref().map(|name| stack.route(name));
        let route = route.transpose()?.map(|route| route.name.as_str());
        let to = filter.destination.as_deref();
        let to = to.map(|name| stack.destination(name)).transpose()?;
        let leads = to.map(|to| leading_to(&stack.configured, to.name.as_str()));
        let routes = match (route, leads) {
            (None, leads) => leads,
            (Some(route), None) => Some([route].into()),
            (Some(route), Some(leads)) => {
                Some(leads.into_iter().filter(|of| *of == route).collect())
            }
        };
        Ok(Self {
            sources: sources.collect::<Result<_, _>>()?,
            types: types.transpose()?,
            states: filter.states_meant(),
            routes,
            reason: filter.reason,
            error: filter.error.as_deref(),
            id: filter.id.as_deref(),
            text: filter.contains.as_deref(),
        })
    }

    /// The sources whose events are meant; all, if there are none.
    pub(crate) fn sources(&self) -> &[&'a str] {
        &self.sources
    }

    /// Whether payloads have to be read.
    pub(crate) const fn wants_body(&self) -> bool {
        self.text.is_some()
    }

    /// Along which index all events are found that are meant.
    pub(crate) fn along(&self) -> Along<'static> {
        match (self.troubles(), self.reason) {
            ([], _) => Along::Time,
            (troubles, None) => Along::Trouble(troubles),
            (troubles, Some(reason)) => Along::Reason(troubles, reason),
        }
    }

    /// The troubles among which all events are that are meant. None: others are meant, too.
    fn troubles(&self) -> &'static [Trouble] {
        let is_trouble = |state: &StateWord| matches!(state, StateWord::Failed | StateWord::Late);
        if self.states.is_empty() || !self.states.iter().all(is_trouble) {
            &[]
        } else if self.states.contains(&StateWord::Late) {
            // What is late and has failed, too, stands with what failed.
            &[Trouble::Failed, Trouble::Late]
        } else {
            &[Trouble::Failed]
        }
    }

    /// Whether an event is meant, as far as all but its payload says.
    pub(crate) fn takes(
        &self,
        key: &EventKey,
        event_id: &str,
        event_type: &str,
        work: Option<&Work>,
    ) -> bool {
        (self.sources.is_empty() || self.sources.contains(&key.source()))
            && self.types.is_none_or(|types| types.fits(event_type))
            && (self.id).is_none_or(|id| event_id.contains(id) || key.id().contains(id))
            && (self.states.is_empty() || self.states.iter().any(|state| is(*state, work)))
            && self.has_leg(work)
    }

    /// Whether a payload has the text that was asked for.
    pub(crate) fn takes_body(&self, body: &[u8]) -> bool {
        self.text.is_none_or(|text| {
            let text = text.as_bytes();
            text.is_empty() || body.windows(text.len()).any(|part| part == text)
        })
    }

    /// Whether one leg is of a route, was given up for the reason and said the text that were asked for. Where a state is
    /// asked for too, it is that leg that is in it.
    fn has_leg(&self, work: Option<&Work>) -> bool {
        let of_legs = self.routes.is_some() || self.error.is_some();
        if !of_legs && self.reason.is_none() {
            return true;
        }
        let Some(work) = work else {
            return false;
        };
        if work.legs.is_empty() {
            // It was given up as a whole, or there is nothing that it could have said.
            let reasons = work.reasons();
            return !of_legs && self.reason.is_some_and(|reason| reasons.contains(&reason));
        }
        let mut legs = work.legs.iter();
        legs.any(|(route, leg)| {
            let in_state = |state: &StateWord| match state {
                StateWord::Failed => leg.state == LegState::Failed,
                StateWord::Waiting | StateWord::Late => leg.state == LegState::Waiting,
                StateWord::Processing => leg.state == LegState::Processing,
                StateWord::Succeeded => {
                    matches!(leg.state, LegState::Succeeded | LegState::Skipped)
                }
                StateWord::Unclaimed | StateWord::Unrouted => false,
            };
            let said = leg.last_error.as_deref().unwrap_or_default();
            self.routes
                .as_ref()
                .is_none_or(|routes| routes.contains(route.as_str()))
                && (self.reason.is_none() || leg.reason == self.reason)
                && self.error.is_none_or(|text| said.contains(text))
                && (self.states.is_empty() || self.states.iter().any(in_state))
        })
    }
}

/// Whether an event is in a state. What failed counts as failed while another leg waits, too.
fn is(state: StateWord, work: Option<&Work>) -> bool {
    match (state, work) {
        (StateWord::Failed, Some(work)) => work.has_failed(),
        (StateWord::Late, Some(work)) => work.is_late(),
        _ => super::state(work) == state.as_str(),
    }
}

/// The routes that lead to a destination.
pub(crate) fn leading_to<'c>(
    configuration: &'c Configuration,
    destination: &str,
) -> BTreeSet<&'c str> {
    let routes = configuration.routes.iter();
    let leads = routes.filter(|route| crate::routes::list::leads_to(route) == destination);
    leads.map(|route| route.name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use protocol::ledger::{Leg, State};
    use support::records;

    use super::*;

    fn work(legs: &[(&str, LegState, Option<Reason>, Option<&str>)]) -> Work {
        let event = records::event("github", "1");
        let mut work = records::work(event.life(), State::Waiting);
        work.legs = (legs.iter())
            .map(|(route, state, reason, error)| {
                let leg = Leg {
                    state: *state,
                    last_error: error.map(str::to_owned),
                    reason: *reason,
                    ..Leg::opened(event.received_at)
                };
                ((*route).to_owned(), leg)
            })
            .collect();
        work
    }

    fn takes(which: &Which<'_>, work: Option<&Work>) -> bool {
        let event = records::event("github", "evt_123");
        which.takes(&event.key, &event.event_id, "issue.opened", work)
    }

    #[test]
    fn all_that_was_asked_for_must_be_so() {
        let asked = |change: fn(&mut Which<'static>)| {
            let mut which = Which::default();
            change(&mut which);
            takes(&which, None)
        };
        assert!(asked(|_| {}));
        assert!(asked(|which| which.sources = vec!["stripe", "github"]));
        assert!(!asked(|which| which.sources = vec!["stripe"]));
        assert!(asked(|which| which.types = TypePattern::parse("issue.*")));
        assert!(!asked(|which| which.types = TypePattern::parse("issue")));
        assert!(asked(|which| which.id = Some("_12")));
        assert!(!asked(|which| which.id = Some("_99")));
        assert!(asked(
            |which| which.states = vec![StateWord::Failed, StateWord::Unclaimed]
        ));
        assert!(!asked(|which| which.states = vec![StateWord::Succeeded]));
    }

    #[test]
    fn it_is_one_leg_that_is_of_the_route_in_the_state_was_given_up_so_and_said_the_text() {
        let work = work(&[
            (
                "paid",
                LegState::Failed,
                Some(Reason::Permanent),
                Some("it answered 410"),
            ),
            ("archive", LegState::Waiting, None, Some("it answered 503")),
            ("crm", LegState::Failed, Some(Reason::Exhausted), None),
        ]);
        let given_up = |route: Option<&'static str>, state, reason, error| {
            let which = Which {
                routes: route.map(|route| [route].into()),
                states: vec![state],
                reason,
                error,
                ..Which::default()
            };
            takes(&which, Some(&work))
        };
        let of = |route, state, error| given_up(route, state, None, error);
        assert!(of(None, StateWord::Failed, None));
        assert!(of(Some("paid"), StateWord::Failed, Some("410")));
        assert!(!of(Some("archive"), StateWord::Failed, None));
        assert!(!of(None, StateWord::Failed, Some("503")));
        assert!(of(Some("archive"), StateWord::Waiting, Some("503")));
        let so = |route, reason, error| given_up(route, StateWord::Failed, Some(reason), error);
        assert!(so(None, Reason::Permanent, None));
        assert!(so(None, Reason::Exhausted, None));
        assert!(so(Some("paid"), Reason::Permanent, Some("410")));
        assert!(!so(Some("crm"), Reason::Permanent, None));
        assert!(!so(None, Reason::Exhausted, Some("410")));
        assert!(!so(None, Reason::TooOld, None));
    }

    #[test]
    fn what_was_given_up_before_it_had_legs_has_its_reason() {
        let event = records::event("github", "1");
        let whole = records::work(event.life(), State::Failed);
        let of = |reason, error| {
            let which = Which {
                states: vec![StateWord::Failed],
                reason: Some(reason),
                error,
                ..Which::default()
            };
            takes(&which, Some(&whole))
        };
        assert!(of(Reason::UnknownSource, None));
        assert!(!of(Reason::UnknownRoute, None));
        assert!(!of(Reason::UnknownSource, Some("source")));
    }

    #[test]
    fn what_is_only_in_trouble_is_looked_for_among_that() {
        let troubles = |states: &[StateWord]| {
            let which = Which {
                states: states.to_vec(),
                ..Which::default()
            };
            which.troubles().len()
        };
        assert_eq!(troubles(&[StateWord::Failed]), 1);
        assert_eq!(troubles(&[StateWord::Failed, StateWord::Late]), 2);
        assert_eq!(troubles(&[StateWord::Failed, StateWord::Waiting]), 0);
        assert_eq!(troubles(&[]), 0);
    }

    #[test]
    fn a_text_is_found_wherever_it_stands_in_a_payload() {
        let which = Which {
            text: Some("ada@"),
            ..Which::default()
        };
        assert!(which.takes_body(b"{\"to\":\"ada@example.com\"}"));
        assert!(!which.takes_body(b"ad"));
        assert!(Which::default().takes_body(b""));
    }
}
