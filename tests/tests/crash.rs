//! The functions are killed, and their calls fail, before and after every single effect of every path; then all
//! recovers, and the contract must hold. What the words mean stands in `landfall_tests::world`.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use landfall_tests::world::{
    history::{Told, live},
    paths::{PATHS, Path},
    sending::SENDINGS,
};
use support::world::{Mode, Plan};

/// How many points there are.
const POINTS: usize = 4_039;

/// How many runs they make, with whoever may help to recover.
const RUNS: usize = 6_966;

/// How many histories are lived through by chance.
const HISTORIES: u64 = 2_000;

/// How many effects they have before their recovery.
const EFFECTS: usize = 122_929;

/// How many faults.
const FAULTS: u32 = 10_173;

fn paths() -> impl Iterator<Item = &'static Path> {
    PATHS.iter().chain(SENDINGS)
}

/// The effects of a path on a good day, and how things stand after it.
async fn good_day(path: &Path) -> (Vec<&'static str>, String) {
    let way = path.way;
    let world = way.prepare().await;
    world.heal();
    way.go(&world).await;
    let mut effects = world.state().door.calls.clone();
    if way.is_side_by_side() {
        effects.sort_unstable();
    }
    world.recover(way.recoveries()[0]).await;
    let state = world.state();
    assert_eq!(state.ghost.violations, [""; 0], "{way:?}");
    (effects, state.summary())
}

/// The points of a path: kind, number, what happens there.
fn points(effects: &[&'static str]) -> Vec<(&'static str, usize, Mode)> {
    let mut points = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in effects {
        let number = seen.entry(kind).or_default();
        let modes = Mode::ALL
            .into_iter()
            .filter(|mode| mode.can_happen_to(kind));
        points.extend(modes.map(|mode| (*kind, *number, mode)));
        *number += 1;
    }
    points
}

#[tokio::test(start_paused = true)]
async fn every_path_has_exactly_these_effects_and_ends_so() {
    let mut wrong = Vec::new();
    for path in paths() {
        let (effects, ends) = good_day(path).await;
        let effects = effects.join(" ");
        if (effects.as_str(), ends.as_str()) != (path.effects, path.ends) {
            wrong.push(format!("path(Way::{:?}, {effects:?}, {ends:?}),", path.way));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn the_contract_holds_whatever_happens_to_any_one_effect() {
    let (mut points_in_all, mut runs) = (0, 0);
    let mut broken = Vec::new();
    for path in paths() {
        let (effects, _) = good_day(path).await;
        let points = points(&effects);
        points_in_all += points.len();
        for (kind, number, mode) in points {
            for recovery in path.way.recoveries() {
                let world = path.way.prepare().await;
                world.plan(Plan::At(kind, number, mode));
                let before = world.state().door.happened;
                path.way.go(&world).await;
                let happened = world.state().door.happened - before;
                assert_eq!(happened, 1, "{:?}: {kind} {number} {mode:?}", path.way);
                world.recover(*recovery).await;
                runs += 1;
                let state = world.state();
                for violation in &state.ghost.violations {
                    let summary = state.summary();
                    broken.push(format!(
                        "{:?}: {kind} {number} {mode:?}, {recovery:?}: {violation} ({summary})",
                        path.way
                    ));
                }
            }
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    assert_eq!((points_in_all, runs), (POINTS, RUNS));
}

#[tokio::test(start_paused = true)]
async fn a_claim_whose_answer_is_lost_and_that_is_made_again_costs_neither_try_nor_lease() {
    let mut claims = 0;
    for path in paths() {
        let (effects, ends) = good_day(path).await;
        let points = points(&effects).into_iter();
        for (kind, number, _) in points.filter(|(kind, _, mode)| {
            ["claim", "settle"].contains(kind) && *mode == Mode::AskedTwice
        }) {
            let world = path.way.prepare().await;
            world.plan(Plan::At(kind, number, Mode::AskedTwice));
            path.way.go(&world).await;
            let mut seen = world.state().door.calls.clone();
            if path.way.is_side_by_side() {
                seen.sort_unstable();
            }
            world.recover(path.way.recoveries()[0]).await;
            let way = path.way;
            assert_eq!(seen, effects, "{way:?}: {kind} {number}");
            assert_eq!(world.state().summary(), ends, "{way:?}: {kind} {number}");
            claims += 1;
        }
    }
    assert!(claims > 20);
}

#[tokio::test(start_paused = true)]
async fn the_contract_holds_in_long_histories_with_many_faults() {
    let (mut effects, mut faults) = (0, 0);
    for seed in 0..HISTORIES {
        let Told {
            violations,
            summary,
            effects: some,
            faults: few,
        } = live(seed).await;
        assert_eq!(violations, [""; 0], "seed {seed}: {summary}");
        effects += some;
        faults += few;
    }
    assert_eq!((effects, faults), (EFFECTS, FAULTS));
}

#[test]
fn the_page_says_what_is_counted_here() {
    let page = include_str!("../../docs/evidence/crash-points.md");
    for said in [
        format!("| paths | {}: every", paths().count()),
        format!("| points | {}: every", thousands(POINTS)),
        format!("| runs | {}: the", thousands(RUNS)),
        format!("| {} from fixed seeds", thousands(HISTORIES)),
        format!(
            "{} effects, {} faults",
            thousands(EFFECTS),
            thousands(FAULTS)
        ),
    ] {
        assert!(page.contains(&said), "the page must say {said:?}");
    }
    let contract = include_str!("../../docs/contract.md");
    let said = format!("{} points, {} runs", thousands(POINTS), thousands(RUNS));
    assert!(contract.contains(&said), "the contract must say {said:?}");
}

/// A number below a million as people write it.
fn thousands(number: impl TryInto<u64, Error: std::fmt::Debug>) -> String {
    let number = number.try_into().unwrap();
    format!("{},{:03}", number / 1_000, number % 1_000)
}
