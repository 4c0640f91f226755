//! The protocol keeps its contract in a smaller world, and every mutant breaks what it must.
//! The larger worlds are explored by `cargo run --release -p landfall-model`.

use landfall_model::{
    config::Config,
    configs::{self, ALL, small},
    explore::{exhaustive, random},
    mutant::MUTANTS,
    property::Property,
    single::Single,
};

#[test]
fn the_contract_holds_with_one_delivery() {
    for config in [
        configs::BASE,
        configs::REDRIVE,
        configs::REPLAY,
        configs::DEPLOYS,
        configs::LATE_INDEX,
        configs::LARGE,
    ] {
        let explored = exhaustive(&Single::of(small(config)));
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
}

#[test]
fn the_contract_holds_when_failed_events_are_delivered_again_and_again() {
    let explored = exhaustive(&Single::of(configs::REOPEN));
    assert!(explored.broken.is_empty(), "{:#?}", explored.broken);
    assert_eq!(explored.cut, 0, "the model's queues are too small");
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

#[test]
fn a_second_delivery_of_a_ticket_that_was_given_up_can_leave_an_event_to_a_redrive_after_its_last_look()
 {
    let strict = Config {
        strict: true,
        ..small(configs::BASE)
    };
    let explored = exhaustive(&Single::of(strict));
    assert_eq!(
        explored.broken.keys().copied().collect::<Vec<_>>(),
        [Property::L1]
    );
}
