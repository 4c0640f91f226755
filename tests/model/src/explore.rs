//! The explorer: breadth first over all states, so that the first trace that breaks a property is a shortest one; and
//! seeded random walks where there are too many.

use std::{
    collections::{BTreeMap, HashMap, hash_map::Entry},
    hash::{BuildHasherDefault, Hash, Hasher},
    time::{Duration, Instant},
};

use chance::Chance;

use crate::{fingerprint::digest, property::Property};

/// What is explored: states, the actions possible in each, and where they lead.
pub trait Model {
    /// A state, in the one form that its twins share.
    type State: Copy + Hash;
    /// What can happen in it.
    type Action: Copy;

    /// The states to begin with.
    fn initial(&self) -> Vec<Self::State>;
    /// The actions that are possible in this state.
    fn enabled(&self, state: &Self::State, actions: &mut Vec<Self::Action>);
    /// Takes an action, and tells of it, if somebody wants to read it.
    fn take(&self, state: &Self::State, action: Self::Action, tell: bool) -> Taken<Self::State>;
    /// Whether nobody can do anything of itself but wait, and waiting leads nowhere that is explored. The fair
    /// continuation need be followed from these states only: from every other, its first step leads to a state that is
    /// explored too.
    fn is_quiescent(&self, state: &Self::State, actions: &[Self::Action]) -> bool;
    /// How a fair continuation of this state goes wrong, in words.
    fn unfair(&self, state: &Self::State) -> Option<(Property, Vec<String>)>;
}

/// Where an action led.
pub struct Taken<S> {
    /// The state.
    pub state: S,
    /// The first property that it broke.
    pub broken: Option<Property>,
    /// It needs more tickets than the model has places for.
    pub full: bool,
    /// What happened, in words.
    pub told: Option<String>,
}

/// What an exploration came to.
#[derive(Default)]
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
pub fn exhaustive<M: Model>(model: &M) -> Explored {
    let started = Instant::now();
    let mut parents = Parents::default();
    let mut layer = Vec::new();
    for state in model.initial() {
        if parents.insert(digest(&state), 0).is_none() {
            layer.push(state);
        }
    }
    let mut explored = Explored::default();
    let mut actions = Vec::new();
    let mut next = Vec::new();
    while !layer.is_empty() {
        for state in layer.drain(..) {
            let from = digest(&state);
            model.enabled(&state, &mut actions);
            if model.is_quiescent(&state, &actions) {
                explored.continued += 1;
                if let Some((property, mut told)) = model.unfair(&state) {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = retrace(model, &parents, from);
                        trace.push("from here on nothing fails any more:".into());
                        trace.append(&mut told);
                        trace
                    });
                }
            }
            for &action in &actions {
                let taken = model.take(&state, action, false);
                if taken.full {
                    explored.cut += 1;
                } else if let Some(property) = taken.broken {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = retrace(model, &parents, from);
                        trace.extend(model.take(&state, action, true).told);
                        trace
                    });
                } else if let Entry::Vacant(place) = parents.entry(digest(&taken.state)) {
                    place.insert(from);
                    next.push(taken.state);
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
pub fn random<M: Model>(model: &M, seed: u64, walks: u32) -> Explored {
    let started = Instant::now();
    let mut chance = Chance::new(seed);
    let mut met: std::collections::HashSet<u64, BuildHasherDefault<Given>> =
        std::collections::HashSet::default();
    let initial = model.initial();
    let mut explored = Explored::default();
    let mut actions = Vec::new();
    for _ in 0..walks {
        let first = initial[chance.below(initial.len())];
        let mut state = first;
        let mut path = Vec::new();
        loop {
            model.enabled(&state, &mut actions);
            if model.is_quiescent(&state, &actions) {
                explored.continued += 1;
                if let Some((property, mut end)) = model.unfair(&state) {
                    explored.broken.entry(property).or_insert_with(|| {
                        let mut trace = replayed(model, first, &path);
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
            let action = actions[chance.below(actions.len())];
            path.push(action);
            let taken = model.take(&state, action, false);
            if taken.full {
                explored.cut += 1;
                break;
            }
            if let Some(property) = taken.broken {
                explored
                    .broken
                    .entry(property)
                    .or_insert_with(|| replayed(model, first, &path));
                break;
            }
            state = taken.state;
            met.insert(digest(&state));
        }
        explored.depth = explored
            .depth
            .max(u32::try_from(path.len()).unwrap_or(u32::MAX));
    }
    explored.states = met.len() as u64;
    explored.took = started.elapsed();
    explored
}

/// The way to a state, in words: the parents' fingerprints, walked from the beginning.
fn retrace<M: Model>(model: &M, parents: &Parents, to: u64) -> Vec<String> {
    let mut way = vec![to];
    while let Some(&parent) = way.last().and_then(|last| parents.get(last)) {
        if parent == 0 {
            break;
        }
        way.push(parent);
    }
    way.reverse();
    let mut trace = Vec::new();
    let mut initial = model.initial().into_iter();
    let first = initial.find(|state| Some(&digest(state)) == way.first());
    let Some(mut state) = first else {
        return trace;
    };
    let mut actions = Vec::new();
    for &goal in &way[1..] {
        model.enabled(&state, &mut actions);
        for &action in &actions {
            let taken = model.take(&state, action, true);
            if taken.broken.is_none() && digest(&taken.state) == goal {
                trace.extend(taken.told);
                state = taken.state;
                break;
            }
        }
    }
    trace
}

fn replayed<M: Model>(model: &M, mut state: M::State, path: &[M::Action]) -> Vec<String> {
    let mut trace = Vec::new();
    for &action in path {
        let taken = model.take(&state, action, true);
        trace.extend(taken.told);
        state = taken.state;
    }
    trace
}
