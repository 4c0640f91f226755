//! The model's small copies of what the decisions know, and back.

use std::collections::BTreeMap;

use protocol::{
    decide::{
        consumer::{self, GiveUp},
        limits::{RESERVED, Routes},
    },
    ledger::{Leg, LegState, Work, WorkVersion},
    reason::Reason,
    ticket::{Ask, Ticket},
    time::UnixSeconds,
};

use crate::{
    config::Config,
    parts::{GONE, WHOLE, bit},
    state::{Claimed, Item, LegItem, Letter, ROUTES},
    step::{life_of, millis, tick},
};

/// The legs' names. That of a delivery which is taken apart is the protocol's own.
pub(crate) fn names(config: &Config) -> [&'static str; ROUTES] {
    if config.items > 0 {
        [RESERVED, "b"]
    } else {
        ["a", "b"]
    }
}

/// The number of the leg of this name.
pub(crate) fn number(name: &str) -> usize {
    usize::from(name == "b")
}

/// The work item as the decisions know it.
pub(crate) fn work_of(config: &Config, item: &Item) -> Work {
    let legs = names(config).into_iter().zip(item.legs);
    Work {
        life: life_of(item.life),
        state: item.state,
        attempt: u64::from(item.attempt),
        until: millis(item.until),
        token: 0,
        legs: legs
            .filter_map(|(name, leg)| Some((name.to_owned(), leg_of(&leg?))))
            .collect(),
        all: u64::from(item.all),
        expires_at: UnixSeconds(0),
    }
}

fn leg_of(leg: &LegItem) -> Leg {
    let asks = leg.by.into_iter().filter(|ask| *ask > 0);
    Leg {
        state: leg.state,
        tries: u32::from(leg.tries),
        until: millis(leg.until),
        since: millis(leg.since),
        epoch: u64::from(leg.epoch),
        reopens: u32::from(leg.reopens),
        by: asks.map(|ask| Ask(u64::from(ask))).collect(),
        lapsed: leg.lapsed,
        last_error: None,
        reason: None,
    }
}

pub(crate) fn item_of(config: &Config, work: &Work) -> Item {
    let mut legs = [None; ROUTES];
    for (name, leg) in &work.legs {
        legs[number(name)] = Some(leg_item(config, leg));
    }
    Item {
        life: tick(work.life.0),
        state: work.state,
        attempt: small(work.attempt),
        until: tick(work.until),
        legs,
        all: small(work.all),
    }
}

fn leg_item(config: &Config, leg: &Leg) -> LegItem {
    let mut by = [0; 6];
    for (place, ask) in by.iter_mut().zip(leg.by.asks()) {
        *place = small(ask.0);
    }
    // When it ended, and how often it was tried, is asked of no leg that is done; and when its round began, only where a
    // round may last too long.
    let done = matches!(leg.state, LegState::Succeeded | LegState::Skipped);
    let ended = done || leg.state == LegState::Failed;
    let ages = config.ages_matter();
    LegItem {
        state: leg.state,
        tries: if ended { 0 } else { small(leg.tries) },
        until: if done { 0 } else { tick(leg.until) },
        since: if ages && !ended { tick(leg.since) } else { 0 },
        epoch: small(leg.epoch),
        reopens: small(leg.reopens),
        by,
        lapsed: leg.lapsed,
    }
}

fn small(number: impl TryInto<u8>) -> u8 {
    number.try_into().unwrap_or(u8::MAX)
}

pub(crate) fn version(config: &Config, item: Option<Item>) -> Option<WorkVersion> {
    item.map(|item| work_of(config, &item).version())
}

/// The routes of a configuration; none: it has lost the source.
pub(crate) fn routes_of(config: &Config, configured: u8) -> Option<Routes> {
    let limits = config.limits();
    let there = (0..ROUTES).filter(|leg| configured & bit(*leg) != 0);
    let matching: Vec<_> = there.map(|leg| names(config)[leg].to_owned()).collect();
    (configured & GONE == 0).then(|| Routes {
        limits: matching.iter().map(|name| (name.clone(), limits)).collect(),
        matching,
        of_gone: limits,
    })
}

/// A ticket as the decisions know it.
pub(crate) fn ticket_of(config: &Config, letter: &Letter) -> Ticket {
    let key = protocol::ledger::EventKey::new("s", "e");
    let route = usize::from(letter.route).checked_sub(1);
    Ticket {
        route: route.map(|leg| names(config)[leg].to_owned()),
        epoch: u64::from(letter.epoch),
        ..Ticket::new(key, life_of(letter.life), letter.why, millis(letter.sent))
    }
}

/// A claim as the model keeps it.
pub(crate) fn claimed_of(config: &Config, claim: &consumer::Claim) -> Claimed {
    let bits = |names: &mut dyn Iterator<Item = Option<&str>>| {
        names.fold(0, |bits, name| {
            bits | name.map_or(WHOLE, |name| bit(number(name)))
        })
    };
    Claimed {
        work: item_of(config, &claim.work),
        run: bits(&mut claim.run.iter().map(|name| Some(name.as_str()))),
        give_up: bits(&mut claim.give_up.iter().map(|leg| leg.route.as_deref())),
        bury: claim.bury,
        ran: [None; ROUTES],
    }
}

/// The same as the decisions know it.
pub(crate) fn claim_of(config: &Config, claimed: &Claimed) -> consumer::Claim {
    let legs = || (0..ROUTES).zip(names(config));
    let mut give_up: Vec<_> = legs()
        .filter(|(leg, _)| claimed.give_up & bit(*leg) != 0)
        .map(|(_, name)| Some(name.to_owned()))
        .collect();
    give_up.extend((claimed.give_up & WHOLE != 0).then_some(None));
    consumer::Claim {
        as_read: None,
        work: work_of(config, &claimed.work),
        run: legs()
            .filter(|(leg, _)| claimed.run & bit(*leg) != 0)
            .map(|(_, name)| name.to_owned())
            .collect(),
        give_up: give_up
            .into_iter()
            .map(|route| GiveUp {
                route,
                reason: Reason::Exhausted,
            })
            .collect(),
        alone: false,
        bury: claimed.bury,
    }
}

/// What the runs came to, by name.
pub(crate) fn by_name<T>(
    config: &Config,
    each: impl Iterator<Item = (usize, T)>,
) -> BTreeMap<String, T> {
    each.map(|(leg, value)| (names(config)[leg].to_owned(), value))
        .collect()
}
