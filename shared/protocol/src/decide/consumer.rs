//! What the consumer does with a ticket. What the ticket asks is [`asked`](super::asked)'s to say, and what the holder of
//! a claim does after the runs is [`finish`](super::finish)'s.
//!
//! | found, in this order | action |
//! |---|---|
//! | event absent or expired | letter, delete |
//! | work of a newer life than the event read | put back |
//! | a lease that is live | put back until it ends: the ticket may be the owner's own message |
//! | its source isn't configured, and nothing is unfinished or asked | delete |
//! | its source isn't configured, the ticket is younger than an hour: a deploy may be under way | itself again, later |
//! | its source isn't configured, something is unfinished | claim, don't run: a letter for each unfinished leg (no work: one, without a route), failed; an ask goes into a letter too |
//! | its source isn't configured, something is asked | letter, delete |
//! | it asks for a route that isn't configured, and no claim has served it; the ticket is younger than an hour | itself again, later |
//! | it asks for a route that isn't configured, and no claim has served it | letter, delete |
//! | work absent or of an older life; or without legs, failed and asked for, or its lease lapsed | claim: attempt old + 1 or 1; legs are the routes that match now; none: succeeded at once |
//! | a lease that has lapsed | claim: attempt + 1; the legs that ran have used a try; at its limit and not opened: letter, failed; of the rest **one** runs, the one with the fewest tries, and the others wait, due |
//! | legs that are due or opened | claim: attempt + 1, tries + 1; opened ones have none before; those that lapsed run after the others, and one at a time |
//! | a leg that is due, and its route is gone | it waits on, no try is used; its round too old: letter, failed |
//! | legs that wait | `again` for the earliest, delete |
//! | else | delete |
//!
//! Where a claim has nothing to run and nobody to tell, what it writes is the end of it: no lease, and no finish.
//!
//! A poisonous leg, which takes its process with it, must not take its neighbours' tries: whoever was run beside it lapses
//! with it, once, and from then on each runs alone until it has come back.

use crate::{
    decide::{asked::Asked, limits::Routes},
    ledger::{EventRecord, Leg, LegState, Life, State, WORK_OUTLIVES_EVENT, Work, WorkVersion},
    reason::Reason,
    ticket::{Ask, Ticket},
    time::{Millis, UnixMillis, UnixSeconds},
};

/// How old a ticket may become whose source or route the configuration doesn't know.
pub const DEPLOY: Millis = Millis::seconds(3_600);

/// How long such a ticket waits each time.
const DEPLOY_AGAIN: Millis = Millis::seconds(60);

/// How long a leg whose route is gone waits each time.
const GONE_AGAIN: Millis = Millis::seconds(300);

/// What an event is to the decisions: its life and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Which life of its id.
    pub life: Life,
    /// When it stops counting.
    pub expires_at: UnixSeconds,
}

/// A lease to be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    /// When it will lapse.
    pub ends: UnixMillis,
    /// The token that names its claim.
    pub token: u64,
}

/// What to do with a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Put it into the dead-letter queue and delete it.
    Bury(Reason),
    /// Hide it until then, and report it as failed.
    PutBack {
        /// When it is to be seen again, before jitter.
        until: UnixMillis,
    },
    /// Send it again as itself, for then, and delete it.
    Defer {
        /// When it is to be seen again.
        until: UnixMillis,
        /// Why.
        reason: Reason,
    },
    /// Send a ticket for the legs that wait, for then, and delete this one.
    Again {
        /// When the earliest of them is due.
        until: UnixMillis,
    },
    /// Delete it: what it asks for is done.
    Drop,
    /// Claim the event.
    Claim(Claim),
}

/// A claim to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The condition: work as it was read.
    pub as_read: Option<WorkVersion>,
    /// The work to write.
    pub work: Work,
    /// The legs to run once it is written.
    pub run: Vec<String>,
    /// The legs to give up.
    pub give_up: Vec<GiveUp>,
    /// Whether the runs must not be beside others: whatever ran last never came back, and what killed it may kill its
    /// neighbours too.
    pub alone: bool,
    /// Whether the ticket itself goes into the dead-letter queue: it asks for what can't be done.
    pub bury: bool,
}

/// A leg that is given up without a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiveUp {
    /// Its route; none: the event as a whole.
    pub route: Option<String>,
    /// Why.
    pub reason: Reason,
}

/// Decides what to do with a ticket, from both items as they were read at once. `message` is what its message is known by,
/// `routes` are none where the configuration doesn't know the event's source, and `lease` is what a claim made now would
/// hold.
#[must_use]
pub fn on_ticket(
    ticket: &Ticket,
    message: Ask,
    event: Option<Recording>,
    work: Option<&Work>,
    routes: Option<&Routes>,
    now: UnixMillis,
    lease: Lease,
) -> Action {
    let Some(event) = event else {
        return Action::Bury(Reason::Absent);
    };
    if event.expires_at <= now.seconds() {
        return Action::Bury(Reason::Expired);
    }
    if let Some(work) = work {
        if work.life > event.life {
            return Action::PutBack { until: now };
        }
        let live = work.state == State::Processing && work.until > now;
        if live && work.life == event.life {
            return Action::PutBack { until: work.until };
        }
    }
    let found = Found {
        asked: Asked::by(ticket, message, event.life),
        young: now.since(ticket.sent_at) < DEPLOY,
        event,
        work,
        own: work.filter(|work| work.life == event.life),
        now,
        lease,
    };
    let Some(routes) = routes else {
        return found.without_source();
    };
    if let Some(name) = found.asked.route()
        && !routes.has(name)
        && !found
            .asked
            .is_served(found.own.and_then(|own| own.legs.get(name)))
    {
        return found.without_route();
    }
    match found.own.filter(|own| !found.begins_anew(own)) {
        Some(own) => found.of_legs(own, routes),
        None => found.first(routes),
    }
}

/// What a ticket found.
struct Found<'a> {
    asked: Asked<'a>,
    /// Whether the ticket is young enough for a deploy to be under way.
    young: bool,
    event: Recording,
    /// The work, whatever its life.
    work: Option<&'a Work>,
    /// The work of this life.
    own: Option<&'a Work>,
    now: UnixMillis,
    lease: Lease,
}

impl Found<'_> {
    fn asks(&self) -> bool {
        self.asked != Asked::Nothing
    }

    /// Whether nobody came to know which routes the event goes, and it is to be known now.
    fn begins_anew(&self, own: &Work) -> bool {
        own.legs.is_empty()
            && match own.state {
                State::Processing => true,
                State::Failed => self.asks(),
                State::Waiting | State::Succeeded => false,
            }
    }

    /// Its source isn't configured.
    fn without_source(&self) -> Action {
        let unfinished = self.own.is_none_or(|work| !work.is_finished());
        if !unfinished && !self.asks() {
            return Action::Drop;
        }
        if self.young {
            return self.defer(Reason::UnknownSource);
        }
        if !unfinished {
            return Action::Bury(Reason::UnknownSource);
        }
        let mut work = self.next();
        let mut give_up = Vec::new();
        for (name, leg) in &mut work.legs {
            if leg.is_unfinished() {
                leg.state = LegState::Processing;
                leg.until = self.lease.ends;
                give_up.push(GiveUp {
                    route: Some(name.clone()),
                    reason: Reason::UnknownSource,
                });
            }
        }
        if work.legs.is_empty() {
            give_up.push(GiveUp {
                route: None,
                reason: Reason::UnknownSource,
            });
        }
        Action::Claim(Claim {
            bury: self.asks(),
            ..self.claim(work, Vec::new(), give_up)
        })
    }

    /// It asks for a route that isn't configured. Had a claim served it, it might be the only ticket of the legs that wait.
    fn without_route(&self) -> Action {
        if self.young {
            self.defer(Reason::UnknownRoute)
        } else {
            Action::Bury(Reason::UnknownRoute)
        }
    }

    fn defer(&self, reason: Reason) -> Action {
        Action::Defer {
            until: self.now.plus(DEPLOY_AGAIN),
            reason,
        }
    }

    /// The event begins, or begins anew.
    fn first(&self, routes: &Routes) -> Action {
        let mut work = self.next();
        work.legs = (routes.matching.iter())
            .map(|name| (name.clone(), Leg::opened(self.now)))
            .collect();
        self.asked.begin(&mut work);
        let run = routes.matching.clone();
        Action::Claim(self.claim(work, run, Vec::new()))
    }

    /// The event has legs, and nobody is at work on them.
    fn of_legs(&self, own: &Work, routes: &Routes) -> Action {
        let mut work = self.next();
        let mut changed = self.asked.open(&mut work, routes, self.now);
        let mut give_up = Vec::new();
        let mut due: Vec<String> = Vec::new();
        for (name, leg) in &mut work.legs {
            let limits = routes.limits_of(name);
            if leg.state == LegState::Processing {
                changed = true;
                leg.lapsed = true;
                if leg.tries >= limits.tries {
                    give_up.push(GiveUp {
                        route: Some(name.clone()),
                        reason: Reason::Exhausted,
                    });
                    continue;
                }
                leg.state = LegState::Waiting;
                leg.until = self.now;
            }
            if leg.state != LegState::Waiting || leg.until > self.now {
                continue;
            }
            if routes.has(name) {
                due.push(name.clone());
                continue;
            }
            changed = true;
            let end = limits.end_of(leg.since);
            if end <= self.now {
                leg.state = LegState::Processing;
                give_up.push(GiveUp {
                    route: Some(name.clone()),
                    reason: Reason::UnknownRoute,
                });
            } else {
                leg.until = self.now.plus(GONE_AGAIN).min(end);
            }
        }
        let lapsed = own.state == State::Processing;
        let run = chosen(&work, due, lapsed);
        if run.is_empty() && give_up.is_empty() && !changed {
            return match own.state {
                State::Waiting => Action::Again { until: own.until },
                State::Processing | State::Succeeded | State::Failed => Action::Drop,
            };
        }
        let alone = run.iter().any(|name| work.legs[name].lapsed);
        Action::Claim(Claim {
            alone: alone || lapsed,
            ..self.claim(work, run, give_up)
        })
    }

    /// The work as the next claim begins with it: what was read, or nothing yet.
    fn next(&self) -> Work {
        let attempt = self.work.map_or(0, |work| work.attempt) + 1;
        let mut work = self.own.cloned().unwrap_or_else(|| Work {
            life: self.event.life,
            state: State::Processing,
            attempt,
            until: self.lease.ends,
            token: self.lease.token,
            legs: [].into(),
            all: 0,
            expires_at: UnixSeconds(0),
        });
        work.attempt = attempt;
        work.token = self.lease.token;
        let expires_at = self.event.expires_at.millis();
        work.expires_at = expires_at.plus(WORK_OUTLIVES_EVENT).seconds();
        work
    }

    fn claim(&self, mut work: Work, run: Vec<String>, give_up: Vec<GiveUp>) -> Claim {
        for name in &run {
            if let Some(leg) = work.legs.get_mut(name) {
                leg.state = LegState::Processing;
                leg.tries = leg.tries.saturating_add(1);
                leg.until = self.lease.ends;
            }
        }
        let work = if run.is_empty() && give_up.is_empty() {
            work.settled(self.now)
        } else {
            Work {
                state: State::Processing,
                until: self.lease.ends,
                ..work
            }
        };
        Claim {
            as_read: self.work.map(Work::version),
            work,
            run,
            give_up,
            alone: false,
            bury: false,
        }
    }
}

/// Which of the legs that are due are run now.
fn chosen(work: &Work, due: Vec<String>, lapsed: bool) -> Vec<String> {
    let (alone, beside): (Vec<_>, Vec<_>) = due
        .into_iter()
        .partition(|name| lapsed || work.legs[name].lapsed);
    if !beside.is_empty() {
        return beside;
    }
    let first = alone.into_iter().min_by_key(|name| work.legs[name].tries);
    first.into_iter().collect()
}

/// 1 to 5 s, so that tickets that were put back together don't come back together.
#[must_use]
pub fn put_back_jitter(random: u64) -> Millis {
    Millis(1_000 + Millis::seconds(4).part(random).0)
}

impl Recording {
    /// What the decisions need of a record.
    #[must_use]
    pub const fn of(event: &EventRecord) -> Self {
        Self {
            life: event.life(),
            expires_at: event.expires_at,
        }
    }
}

impl Claim {
    /// Whether the write is all there is to do: nothing is run, and nobody is told.
    #[must_use]
    pub const fn ends_with_the_write(&self) -> bool {
        self.run.is_empty() && self.give_up.is_empty()
    }
}

#[cfg(test)]
#[path = "tests/consumer.rs"]
mod tests;
