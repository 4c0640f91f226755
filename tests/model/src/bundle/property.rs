//! What holds of delivery and items together; the module's documentation says what.

use protocol::ledger::State as Status;

use super::{Action, Bundle, Config, Family, Turn};
use crate::{
    config,
    enabled::is_fair,
    explore::Model as _,
    fingerprint::digest,
    property::{FOREVER, Property, Unfair, at_rest, ended},
    state::{Left, Tick, World},
    step::{self, Ran},
};

impl Turn<'_> {
    /// What is asked of a delivery that is marked succeeded just now: every item of it is recorded, and counts, or did
    /// since the delivery was received.
    pub(super) fn marked(&mut self, before: &Family) {
        let Config {
            deliveries, item, ..
        } = &self.model.config;
        let (now, before) = (&self.family.members, &before.members);
        let items = usize::from(self.model.config.delivery.items);
        let mut marked = (0..*deliveries)
            .filter(|&at| now[at].work != before[at].work && has_succeeded(&now[at]));
        let is_missing = marked.any(|at| {
            let since = now[at].event.map_or(now[at].now, |event| event.life);
            let is_recorded = |world: &World| {
                let body = world.bucket || !item.large;
                body && world
                    .event
                    .is_some_and(|event| !item.is_expired(event.life, since))
            };
            !now[*deliveries..][..items].iter().all(is_recorded)
        });
        if is_missing {
            self.broken.get_or_insert(Property::S1);
        }
    }
}

fn has_succeeded(world: &World) -> bool {
    ended(world)
        && world
            .work
            .is_some_and(|work| work.state == Status::Succeeded)
}

impl Bundle {
    /// Whether nothing more will happen to any of them, and need not. That the items of a delivery that has succeeded are
    /// recorded is asked when it is marked.
    fn is_over(&self, family: &Family) -> bool {
        let (deliveries, items) = family.members.split_at(self.config.deliveries);
        let is_over = |world: &World| world.event.is_none() || ended(world);
        let must_end = self.config.every_item_ends || deliveries.iter().any(has_succeeded);
        family.members.iter().all(at_rest)
            && deliveries.iter().all(is_over)
            && (!must_end || items.iter().all(is_over))
    }

    /// Whether an action belongs to a fair schedule. A delivery's time never runs out there.
    pub(super) fn is_fair(&self, action: Action) -> bool {
        match action {
            Action::Tick => true,
            Action::Split { fault, .. } => fault == step::Fault::None,
            Action::Of(member, action) => {
                let runs_out = matches!(action, step::Action::Run(..));
                is_fair(action) && !(runs_out && self.is_delivery(usize::from(member)))
            }
        }
    }
}

/// The fair continuation of a state, as for one event; whatever has expired is deleted before it begins, and nothing
/// expires on the way.
pub(super) fn continue_fairly(
    model: &Bundle,
    family: &Family,
    ran: Ran,
    tell: bool,
) -> Result<(), Unfair> {
    let mut family = *family;
    let now = family.members[0].now;
    // By every clock.
    let latest = now + Tick::from(model.config.delivery.skew);
    // One after the other: the delivery, then its items.
    let last = model.config.delivery.ages.iter().max();
    let horizon = now + 2 * last.copied().unwrap_or(0) + 16;
    let settle = |config: config::Config| config::Config {
        horizon,
        retention: FOREVER,
        ttl: false,
        ..config
    };
    let mut settled = *model;
    settled.config.delivery = settle(model.config.delivery);
    settled.config.item = settle(model.config.item);
    for (member, world) in family.members.iter_mut().enumerate() {
        world.left = Left::default();
        let config = model.config.of_member(member);
        world.event = world
            .event
            .filter(|event| !config.is_expired(event.life, latest));
        world.indexed &= world.event.is_some();
    }
    family.prints = family.members.map(|world| digest(&world));
    settled.config.comes_to = &[Ran::Done, Ran::Retry, Ran::Permanent];

    let mut told = Vec::new();
    let mut actions = Vec::new();
    for _ in 0..1_500 {
        if model.is_over(&family) {
            return Ok(());
        }
        settled.enabled(&family, &mut actions);
        let choice = actions.iter().copied().find(|&action| match action {
            Action::Of(_, step::Action::Run(_, _, came_to)) if came_to != ran => false,
            action => settled.is_fair(action),
        });
        let Some(action) = choice else { break };
        let taken = settled.take(&family, action, tell);
        told.extend(taken.told);
        if let Some(broken) = taken.broken {
            return Err(Unfair { broken, told });
        }
        family = taken.state;
    }
    if tell {
        let works = family.members.map(|world| world.work);
        told.push(format!("and so it stays: {works:?}"));
    }
    Err(Unfair {
        broken: Property::L1,
        told,
    })
}
