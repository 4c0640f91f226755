//! The suite of the ports' contract on the world of the crash tests: whatever that world promises the functions, the
//! services promise too.
#![allow(clippy::unwrap_used)]

use landfall_tests::world::World;
use ports::{differences::Engine, run::run, suite};

#[tokio::test(start_paused = true)]
async fn the_world_of_the_crash_tests_keeps_the_contract_of_the_ports() {
    let process = World::new(1).process();
    let verdicts = run(&process, Engine::Fake, suite::checks()).await;
    let faults: Vec<_> = verdicts
        .iter()
        .filter(|verdict| verdict.is_fault())
        .map(ToString::to_string)
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
