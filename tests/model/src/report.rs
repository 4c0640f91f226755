//! The report: what was explored, what held, and how each mutant was caught.

use std::fmt::Debug;

use crate::{
    bundle::{self, Bundle},
    configs::{ALL, EXHAUSTIVE},
    explore::{Explored, Model, exhaustive, random},
    mutant::MUTANTS,
    property::{PROPERTIES, Property},
    single::Single,
};

/// The seed of the random search.
pub const SEED: u64 = 1;
/// Its walks.
pub const WALKS: u32 = 200_000;
/// Its walks in each of the two models of deliveries that carry several events.
pub const BUNDLE_WALKS: u32 = 100_000;

/// Explores the protocol of one event as it is. Whether everything held.
pub fn promises(print: &mut dyn FnMut(String)) -> bool {
    let mut table = Table::new("adversary", print);
    for config in EXHAUSTIVE {
        table.row(config.name, exhaustive(&Single::of(config)), print);
    }
    table.walk(ALL.name, &Single::of(ALL), WALKS, print);
    table.end(print)
}

/// Explores deliveries that carry several events. Whether everything held.
pub fn bundles(print: &mut dyn FnMut(String)) -> bool {
    let mut table = Table::new("a delivery of several events", print);
    for config in bundle::config::EXHAUSTIVE {
        table.row(config.name, exhaustive(&Bundle::of(config)), print);
    }
    for config in [bundle::config::ALL_ITEMS, bundle::config::ALL_DELIVERIES] {
        table.walk(config.name, &Bundle::of(config), BUNDLE_WALKS, print);
    }
    table.end(print)
}

struct Table {
    traces: Vec<(Property, Vec<String>)>,
}

impl Table {
    fn new(title: &str, print: &mut dyn FnMut(String)) -> Self {
        print(format!(
            "| {title} | states | depth | fair continuations | time | held |"
        ));
        print("|---|---:|---:|---:|---:|---|".into());
        Self { traces: Vec::new() }
    }

    fn row(&mut self, name: &str, explored: Explored, print: &mut dyn FnMut(String)) {
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
        self.traces.extend(explored.broken);
    }

    fn walk(&mut self, name: &str, model: &impl Model, walks: u32, print: &mut dyn FnMut(String)) {
        let name = format!("{name}: {walks} random walks, seed {SEED}");
        self.row(&name, random(model, SEED, walks), print);
    }

    /// Whether everything held.
    fn end(self, print: &mut dyn FnMut(String)) -> bool {
        for (property, trace) in &self.traces {
            print(format!("\n{property:?} broke:\n"));
            steps(trace, print);
        }
        self.traces.is_empty()
    }
}

/// Explores every mutant. Whether each broke what it must and nothing else.
pub fn mutants(print: &mut dyn FnMut(String)) -> bool {
    let mut caught = true;
    for mutant in MUTANTS {
        let explored = exhaustive(&Single::wrong(mutant));
        caught &= verdict(&mutant, mutant.breaks(), &explored, print);
    }
    for mutant in bundle::mutant::MUTANTS {
        let explored = exhaustive(&Bundle::wrong(mutant));
        caught &= verdict(&mutant, mutant.breaks(), &explored, print);
    }
    caught
}

fn verdict(
    mutant: &dyn Debug,
    breaks: &[Property],
    explored: &Explored,
    print: &mut dyn FnMut(String),
) -> bool {
    let broken: Vec<_> = explored.broken.keys().copied().collect();
    let expected = broken == breaks;
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
    expected
}

fn steps(trace: &[String], print: &mut dyn FnMut(String)) {
    for (number, words) in trace.iter().enumerate() {
        print(format!("{}. {words}", number + 1));
    }
}
