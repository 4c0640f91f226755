//! The report: what was explored, what held, and how each mutant was caught.

use crate::{
    configs::{ALL, EXHAUSTIVE},
    explore::{Explored, exhaustive, random},
    mutant::MUTANTS,
    property::PROPERTIES,
    single::Single,
};

/// The seed of the random search.
pub const SEED: u64 = 1;
/// Its walks.
pub const WALKS: u32 = 200_000;

/// Explores the protocol as it is. Whether everything held.
pub fn promises(print: &mut dyn FnMut(String)) -> bool {
    print("| adversary | states | depth | fair continuations | time | held |".into());
    print("|---|---:|---:|---:|---:|---|".into());
    let mut sound = true;
    let mut traces = Vec::new();
    let mut row = |name: &str, explored: &Explored, print: &mut dyn FnMut(String)| {
        let held: Vec<String> = PROPERTIES
            .iter()
            .filter(|property| !explored.broken.contains_key(property))
            .map(|property| format!("{property:?}"))
            .collect();
        print(format!(
            "| {name} | {} | {} | {} | {:.0} s | {} |",
            explored.states,
            explored.depth,
            explored.continued,
            explored.took.as_secs_f64(),
            held.join(" ")
        ));
        sound &= explored.broken.is_empty();
        traces.extend(explored.broken.clone());
    };
    for config in EXHAUSTIVE {
        row(config.name, &exhaustive(&Single::of(config)), print);
    }
    let walked = random(&Single::of(ALL), SEED, WALKS);
    row(
        &format!("all together: {WALKS} random walks, seed {SEED}"),
        &walked,
        print,
    );
    for (property, trace) in traces {
        print(format!("\n{property:?} broke:\n"));
        steps(&trace, print);
    }
    sound
}

/// Explores every mutant. Whether each broke what it must and nothing else.
pub fn mutants(print: &mut dyn FnMut(String)) -> bool {
    let mut caught = true;
    for mutant in MUTANTS {
        let explored = exhaustive(&Single::wrong(mutant));
        let broken: Vec<_> = explored.broken.keys().copied().collect();
        let expected = broken == mutant.breaks();
        caught &= expected;
        let verdict = if expected {
            ""
        } else {
            ", WHICH WAS NOT EXPECTED"
        };
        print(format!(
            "\n### {mutant:?} breaks {broken:?}{verdict} ({} states)\n",
            explored.states
        ));
        for trace in explored.broken.values() {
            steps(trace, print);
        }
    }
    caught
}

fn steps(trace: &[String], print: &mut dyn FnMut(String)) {
    for (number, words) in trace.iter().enumerate() {
        print(format!("{}. {words}", number + 1));
    }
}
