//! The explorer: breadth first over all states, so that the first trace that breaks a property is a shortest one; and
//! seeded random walks where there are too many.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hasher},
    time::{Duration, Instant},
};

use crate::{
    config::Config,
    enabled::{enabled, is_fair},
    fingerprint::digest,
    mutant::Mutant,
    property::{Property, continue_fairly},
    state::World,
    step::{Action, Ran, Step},
};

/// What an exploration came to.
pub struct Explored {
    /// States seen.
    pub states: u64,
    /// Steps of the longest shortest way to a state, or of the longest walk.
    pub depth: u32,
    /// Quiescent states from which the fair continuation was followed.
    pub continued: u64,
    /// Steps left out because they need more tickets than the model has places for.
    pub cut: u64,
    /// How long it took.
    pub took: Duration,
    /// The shortest trace that breaks each property, in words.
    pub broken: BTreeMap<Property, Vec<String>>,
}

/// Parents by fingerprint: enough to walk a trace again, in sixteen bytes a state.
type Parents = HashMap<u64, u64, BuildHasherDefault<Given>>;

/// The keys are fingerprints already.
#[derive(Default)]
struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _: &[u8]) {}
    fn write_u64(&mut self, value: u64) {
        self.0 = value;
    }
}

/// Explores every state. What breaks a property is not explored any further, so that one fault isn't reported under
/// the names of its consequences.
#[must_use]
pub fn exhaustive(config: &Config, mutant: Option<Mutant>) -> Explored {
    let started = Instant::now();
    let mut parents = Parents::default();
    let mut layer = Vec::new();
    for mut world in config.initial() {
        world.normalise();
        if parents.insert(digest(&world), 0).is_none() {
            layer.push(world);
        }
    }
    let mut explored = Explored {
        states: 0,
        depth: 0,
        continued: 0,
        cut: 0,
        took: Duration::ZERO,
        broken: BTreeMap::new(),
    };
    let mut actions = Vec::new();
    let mut next = Vec::new();
    while !layer.is_empty() {
        for world in layer.drain(..) {
            let from = digest(&world);
            enabled(config, mutant, &world, &mut actions);
            if is_quiescent(config, &world, &actions) {
                explored.continued += 1;
                if let Some((property, mut told)) = unfair(config, mutant, &world) {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = retrace(config, mutant, &parents, from);
                        trace.push("from here on nothing fails any more:".into());
                        trace.append(&mut told);
                        trace
                    });
                }
            }
            for &action in &actions {
                let step = Step::taken(config, mutant, world, action, false);
                if step.world.full {
                    explored.cut += 1;
                } else if let Some(property) = step.broken {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = retrace(config, mutant, &parents, from);
                        trace.push(told(config, mutant, world, action));
                        trace
                    });
                } else if let Entry::Vacant(place) = parents.entry(digest(&step.world)) {
                    place.insert(from);
                    next.push(step.world);
                }
            }
        }
        std::mem::swap(&mut layer, &mut next);
        explored.depth += u32::from(!layer.is_empty());
    }
    explored.states = parents.len() as u64;
    explored.took = started.elapsed();
    explored
}

/// Walks at random, so many times, each walk to its end and then on along the fair continuation.
#[must_use]
pub fn random(config: &Config, mutant: Option<Mutant>, seed: u64, walks: u32) -> Explored {
    let started = Instant::now();
    let mut random = Random(seed);
    let mut met: std::collections::HashSet<u64, BuildHasherDefault<Given>> =
        std::collections::HashSet::default();
    let initial = config.initial();
    let mut explored = Explored {
        states: 0,
        depth: 0,
        continued: 0,
        cut: 0,
        took: Duration::ZERO,
        broken: BTreeMap::new(),
    };
    let mut actions = Vec::new();
    for _ in 0..walks {
        let mut world = initial[random.below(initial.len())];
        let mut path = Vec::new();
        let first = world;
        loop {
            enabled(config, mutant, &world, &mut actions);
            if is_quiescent(config, &world, &actions) {
                explored.continued += 1;
                if let Some((property, mut end)) = unfair(config, mutant, &world) {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = replayed(config, mutant, first, &path);
                        trace.push("from here on nothing fails any more:".into());
                        trace.append(&mut end);
                        trace
                    });
                    break;
                }
            }
            if actions.is_empty() {
                break;
            }
            let action = actions[random.below(actions.len())];
            path.push(action);
            let step = Step::taken(config, mutant, world, action, false);
            if step.world.full {
                explored.cut += 1;
                break;
            }
            if let Some(property) = step.broken {
                explored
                    .broken
                    .entry(property)
                    .or_insert_with(|| replayed(config, mutant, first, &path));
                break;
            }
            world = step.world;
            met.insert(digest(&world));
        }
        explored.depth = explored
            .depth
            .max(u32::try_from(path.len()).unwrap_or(u32::MAX));
    }
    explored.states = met.len() as u64;
    explored.took = started.elapsed();
    explored
}

/// Whether nobody can do anything of itself but wait. The fair continuation need be followed from these states only: from
/// every other, its first step leads to a state that is explored too. Where nothing expires, waiting leads there as
/// well, and only the last tick's states are left; where an event may expire, the continuation (in which it doesn't)
/// and the waiting part ways.
fn is_quiescent(config: &Config, world: &World, actions: &[Action]) -> bool {
    let busy = actions
        .iter()
        .any(|&action| is_fair(action) && action != Action::Tick);
    let expires = config.retention <= config.horizon;
    !busy && (expires || world.now >= config.horizon)
}

fn unfair(
    config: &Config,
    mutant: Option<Mutant>,
    world: &World,
) -> Option<(Property, Vec<String>)> {
    [Ran::Done, Ran::Retry, Ran::Permanent]
        .into_iter()
        .find_map(|ran| {
            continue_fairly(config, mutant, world, ran, false).err()?;
            let unfair = continue_fairly(config, mutant, world, ran, true).err()?;
            Some((unfair.broken, unfair.told))
        })
}

/// The way to a state, in words: the parents' fingerprints, walked from the beginning.
fn retrace(config: &Config, mutant: Option<Mutant>, parents: &Parents, to: u64) -> Vec<String> {
    let mut way = vec![to];
    while let Some(&parent) = way.last().and_then(|last| parents.get(last)) {
        if parent == 0 {
            break;
        }
        way.push(parent);
    }
    way.reverse();
    let mut trace = Vec::new();
    let first = config.initial().into_iter().find_map(|mut world| {
        world.normalise();
        (Some(&digest(&world)) == way.first()).then_some(world)
    });
    let Some(mut world) = first else {
        return trace;
    };
    let mut actions = Vec::new();
    for &goal in &way[1..] {
        enabled(config, mutant, &world, &mut actions);
        for &action in &actions {
            let step = Step::taken(config, mutant, world, action, true);
            if step.broken.is_none() && digest(&step.world) == goal {
                trace.extend(step.told);
                world = step.world;
                break;
            }
        }
    }
    trace
}

fn told(config: &Config, mutant: Option<Mutant>, world: World, action: Action) -> String {
    let step = Step::taken(config, mutant, world, action, true);
    step.told.unwrap_or_default()
}

fn replayed(
    config: &Config,
    mutant: Option<Mutant>,
    mut world: World,
    path: &[Action],
) -> Vec<String> {
    let mut trace = Vec::new();
    for &action in path {
        let step = Step::taken(config, mutant, world, action, true);
        trace.extend(step.told);
        world = step.world;
    }
    trace
}

/// `SplitMix64`.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        usize::try_from((u128::from(z) * bound as u128) >> 64).unwrap_or(0)
    }
}
