//! The suite of the ports' contract on the world of the tests: whatever that world promises the functions, the services
//! promise too.

use ports::{differences::Engine, run::run, suite};
use support::world::Process;

#[tokio::test]
async fn the_world_of_the_tests_keeps_the_contract_of_the_ports() {
    let process = Process::default();
    let verdicts = run(&process, Engine::Fake, suite::checks()).await;
    let faults: Vec<_> = verdicts
        .iter()
        .filter(|verdict| verdict.is_fault())
        .map(ToString::to_string)
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
