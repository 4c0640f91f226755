//! How each mutant goes wrong: what a decision is told, or what it says, is changed.

use protocol::{
    decide::{
        consumer::Action,
        limits::{Limits, Routes},
    },
    ledger::{By, Leg, LegState, State as Status, Work},
    ticket::{Ticket, Why},
    time::{Millis, UnixMillis},
};

use crate::{mutant::Mutant, state::Tick, step::life_of};

impl Mutant {
    /// Changes what the decision is told.
    pub(crate) fn misreads(
        self,
        ticket: &mut Ticket,
        work: &mut Option<Work>,
        routes: &mut Option<Routes>,
        event: Option<Tick>,
    ) {
        match self {
            Self::OldLifeCounts => {
                if let (Some(work), Some(life)) = (work, event) {
                    work.life = life_of(life);
                }
            }
            Self::SucceededRunsAgain if ticket.why == Why::New => {
                let done = |leg: &Leg| leg.state == LegState::Succeeded;
                if work
                    .as_ref()
                    .is_some_and(|work| work.legs.values().any(done))
                {
                    ticket.why = Why::Replay;
                    ticket.epoch = work.as_ref().map_or(0, Work::epoch) + 1;
                }
            }
            Self::ReplayDrops if ticket.why == Why::Replay => ticket.why = Why::New,
            Self::RedriveDrops if ticket.why == Why::Redrive => ticket.why = Why::New,
            Self::SpareOpens => {
                if matches!(ticket.why, Why::New | Why::Again | Why::Sweep) {
                    ticket.why = Why::Redrive;
                }
            }
            Self::ByForgotten => legs(work).for_each(|leg| leg.by = By::default()),
            Self::ReopensAtOnce => of_all(routes, |limits| limits.reopens = u32::MAX),
            Self::GoneForEver => {
                if let Some(routes) = routes {
                    routes.of_gone.age = Millis::days(1_000_000);
                }
            }
            Self::OneEpoch
                if ticket.why == Why::Replay
                    && work
                        .as_ref()
                        .is_some_and(|work| ticket.epoch <= work.epoch()) =>
            {
                ticket.why = Why::New;
            }
            Self::AllForgotten => {
                if let Some(work) = work {
                    work.all = 0;
                }
            }
            Self::LapsedRunTogether => legs(work).for_each(|leg| leg.lapsed = false),
            Self::LapsedBeforeAsked => {
                let lapsed = |leg: &Leg| leg.state == LegState::Processing && leg.tries > 1;
                if work
                    .as_ref()
                    .is_some_and(|work| work.legs.values().any(lapsed))
                {
                    ticket.why = Why::New;
                }
            }
            Self::GoneIsDone => {
                if let (Some(work), Some(routes)) = (work, routes) {
                    work.legs.retain(|name, _| routes.has(name));
                }
            }
            _ => {}
        }
    }

    /// Changes what was decided.
    pub(crate) fn decides(
        self,
        action: Action,
        ticket: &Ticket,
        work: Option<&Work>,
        now: UnixMillis,
    ) -> Action {
        let Some(work) = work else { return action };
        let live = work.state == Status::Processing && work.until > now;
        match (self, action) {
            (Self::LiveLeaseDrops, Action::PutBack { .. }) if live => Action::Drop,
            (Self::TooSoonDrops, Action::Claim(claim))
                if ticket.why == Why::Reopen
                    && claim.run.is_empty()
                    && claim.give_up.is_empty() =>
            {
                Action::Drop
            }
            (Self::WaitsBeforeAsked, Action::Claim(_))
                if work.state == Status::Waiting && work.until > now =>
            {
                Action::Again { until: work.until }
            }
            (Self::UnknownRouteDrops, Action::Defer { .. } | Action::Bury(_))
                if ticket.route.is_some() =>
            {
                Action::Drop
            }
            (Self::LapsedRunTogether, Action::Claim(mut claim)) => {
                for (name, leg) in &mut claim.work.legs {
                    let due = leg.state == LegState::Waiting && leg.until <= now;
                    if due && !claim.run.is_empty() {
                        again(leg);
                        claim.run.push(name.clone());
                    }
                }
                Action::Claim(claim)
            }
            (Self::DueRunsAll, Action::Claim(mut claim)) if !claim.run.is_empty() => {
                for (name, leg) in &mut claim.work.legs {
                    if leg.state == LegState::Succeeded {
                        again(leg);
                        claim.run.push(name.clone());
                    }
                }
                Action::Claim(claim)
            }
            (_, action) => action,
        }
    }
}

fn again(leg: &mut Leg) {
    leg.state = LegState::Processing;
    leg.tries += 1;
}

fn legs(work: &mut Option<Work>) -> impl Iterator<Item = &mut Leg> {
    work.iter_mut().flat_map(|work| work.legs.values_mut())
}

fn of_all(routes: &mut Option<Routes>, change: impl Fn(&mut Limits)) {
    if let Some(routes) = routes {
        routes.limits.values_mut().for_each(change);
    }
}
