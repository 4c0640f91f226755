//! A delivery of several events keeps the contract, and every mutant of its taking apart breaks what it must.
//! All configurations are explored by `cargo run --release -p landfall-model`.

use landfall_model::{
    bundle::{
        Bundle, Config, Mutant,
        config::{self, ALL_DELIVERIES, ALL_ITEMS},
        mutant::MUTANTS,
    },
    explore::{exhaustive, random},
    property::Property,
};

#[track_caller]
fn holds(config: Config) {
    let explored = exhaustive(&Bundle::of(config));
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
fn the_contract_holds_for_a_delivery_of_two_items() {
    holds(config::TWO_ITEMS.with(1, 0));
}

#[test]
fn items_of_a_delivery_that_has_succeeded_end_without_a_sweeper_too() {
    holds(config::CALM.with(1, 1).without_sweeper_for_items());
}

#[test]
fn an_item_of_a_delivery_that_was_given_up_needs_the_sweeper() {
    let explored = exhaustive(&Bundle::of(Config {
        every_item_ends: true,
        ..config::CALM.with(1, 0).without_sweeper_for_items()
    }));
    assert_eq!(
        explored.broken.keys().copied().collect::<Vec<_>>(),
        [Property::L1]
    );
}

#[test]
fn the_contract_holds_for_one_item_and_two_deliveries_of_it() {
    holds(config::TWO_DELIVERIES.with(0, 0));
}

#[test]
fn the_contract_holds_where_calls_fail_and_tickets_come_twice() {
    holds(config::BASE.with(0, 1));
    holds(config::BASE.with(1, 0));
}

#[test]
fn the_contract_holds_where_a_holder_comes_back_from_the_dead() {
    holds(config::ZOMBIES.with(0, 0));
}

#[test]
fn the_contract_holds_for_redrive_replay_lost_tickets_late_index_and_large_bodies() {
    for config in [
        config::REDRIVE.until(1),
        config::REPLAY.with(0, 0),
        config::BACKSTOP,
        config::LOSS,
        config::LATE_INDEX,
        config::LARGE,
    ] {
        holds(config);
    }
}

#[test]
fn the_contract_holds_on_random_walks_with_everything_at_once() {
    for config in [ALL_ITEMS, ALL_DELIVERIES] {
        let explored = random(&Bundle::of(config), 7, 2_000);
        assert!(explored.broken.is_empty(), "{:#?}", explored.broken);
    }
}

#[test]
fn the_order_of_steps_that_concern_nobody_else_makes_no_difference() {
    for config in [config::LARGE.with(0, 1), config::TWO_ITEMS.with(0, 0)] {
        let every = Config {
            in_every_order: true,
            ..config
        };
        holds(every);
        let [few, every] = [config, every].map(|config| exhaustive(&Bundle::of(config)));
        assert!(few.states < every.states);
        // Where nobody is at work, both have been.
        assert_eq!(few.continued, every.continued);
    }
}

#[test]
fn every_mutant_breaks_exactly_what_it_must() {
    for mutant in MUTANTS {
        let explored = exhaustive(&Bundle::wrong(mutant));
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
fn the_sweeper_makes_up_for_an_item_whose_ticket_was_never_sent() {
    for mutant in [Mutant::FinishedBeforeTickets, Mutant::ThereIsDealt] {
        let explored = exhaustive(&Bundle {
            config: config::CALM.with(1, 0),
            mutant: Some(mutant),
        });
        assert!(explored.broken.is_empty(), "{:#?}", explored.broken);
    }
}
