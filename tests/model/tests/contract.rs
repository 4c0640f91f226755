//! The protocol keeps its contract in a smaller world, and every mutant breaks what it must.
//! The larger worlds are explored by `cargo run --release -p landfall-model`.

use landfall_model::{
    config::Config,
    configs::{self, ALL, small},
    explore::{exhaustive, random},
    mutant::MUTANTS,
    single::Single,
};

#[track_caller]
fn holds(config: Config) {
    let explored = exhaustive(&Single::of(config));
    assert!(
        explored.broken.is_empty(),
        "{}: {:#?}",
        config.name,
        explored.broken
    );
    assert_eq!(
        explored.cut, 0,
        "{}: the model's queues are too small",
        config.name
    );
}

#[test]
fn the_contract_holds_with_one_delivery() {
    for config in [
        configs::REDRIVE,
        configs::REPLAY,
        configs::DEPLOYS,
        configs::LATE_INDEX,
        configs::LARGE,
        configs::BACKLOG,
    ] {
        holds(small(config));
    }
}

#[test]
fn the_contract_holds_for_two_legs() {
    for config in [
        configs::TWO_LEGS_FAULTS,
        configs::TWO_LEGS_REDRIVE,
        configs::TWO_LEGS_REOPEN,
        configs::STALE_REPLAY,
    ] {
        holds(config);
    }
}

#[test]
fn the_contract_holds_where_legs_are_held_and_routes_come_and_go() {
    holds(configs::HELD);
    holds(configs::ROUTES_CHANGE);
}

#[test]
fn a_healthy_leg_succeeds_beside_a_poisonous_one() {
    holds(configs::POISON);
}

#[test]
fn the_contract_holds_when_failed_events_are_delivered_again_and_again() {
    holds(configs::REOPEN);
}

#[test]
fn the_contract_holds_on_random_walks_with_everything_at_once() {
    let explored = random(&Single::of(ALL), 7, 5_000);
    assert!(explored.broken.is_empty(), "{:#?}", explored.broken);
}

#[test]
fn every_mutant_breaks_exactly_what_it_must() {
    for mutant in MUTANTS {
        let explored = exhaustive(&Single::wrong(mutant));
        let broken: Vec<_> = explored.broken.keys().copied().collect();
        assert_eq!(
            broken,
            mutant.breaks(),
            "{mutant:?}: {:#?}",
            explored.broken
        );
    }
}
