//! The model of one event, as it is explored.

use crate::{
    config::Config,
    enabled::{enabled, is_fair},
    explore::{Model, Taken},
    mutant::Mutant,
    property::{Property, continue_fairly},
    state::World,
    step::{Action, Ran, Step},
};

/// One event id, in a configuration, right or wrong.
#[derive(Clone, Copy, Debug)]
pub struct Single {
    /// What the adversary may do.
    pub config: Config,
    /// What is wrong with it on purpose.
    pub mutant: Option<Mutant>,
}

impl Single {
    /// The protocol as it is.
    #[must_use]
    pub const fn of(config: Config) -> Self {
        Self {
            config,
            mutant: None,
        }
    }

    /// A mutant, where it is explored.
    #[must_use]
    pub fn wrong(mutant: Mutant) -> Self {
        Self {
            config: mutant.config(),
            mutant: Some(mutant),
        }
    }
}

impl Model for Single {
    type State = World;
    type Action = Action;

    fn initial(&self) -> Vec<World> {
        let mut worlds = self.config.initial();
        for world in &mut worlds {
            world.normalise();
        }
        worlds
    }

    fn enabled(&self, world: &World, actions: &mut Vec<Action>) {
        enabled(&self.config, self.mutant, world, actions);
    }

    fn take(&self, &world: &World, action: Action, tell: bool) -> Taken<World> {
        let step = Step::taken(&self.config, self.mutant, world, action, tell);
        Taken {
            state: step.world,
            broken: step.broken,
            full: step.world.full,
            told: step.told,
        }
    }

    /// Where nothing expires, waiting leads to explored states as any step does, and only the last tick's states are left;
    /// where an event may expire, the continuation (in which it doesn't) and the waiting part ways.
    fn is_quiescent(&self, world: &World, actions: &[Action]) -> bool {
        let busy = actions
            .iter()
            .any(|&action| is_fair(action) && action != Action::Tick);
        let expires = self.config.retention <= self.config.horizon;
        !busy && (expires || world.now >= self.config.horizon)
    }

    fn unfair(&self, world: &World) -> Option<(Property, Vec<String>)> {
        let (config, mutant) = (&self.config, self.mutant);
        let held = (self.config.left.holds > 0).then_some(Ran::Held);
        [Ran::Done, Ran::Retry, Ran::Permanent]
            .into_iter()
            .chain(held)
            .find_map(|ran| {
                continue_fairly(config, mutant, world, ran, false).err()?;
                let unfair = continue_fairly(config, mutant, world, ran, true).err()?;
                Some((unfair.broken, unfair.told))
            })
    }
}
