//! `ports_contract MiniStack` (or `moto`) runs the suite of the ports' contract, through the real adapters, on the services
//! that the environment names, then what such services must refuse: a line for each check. `ports_contract tables` prints
//! the tables of `docs/evidence/engines.md`.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::process::ExitCode;

use ports::{aws::Aws, differences::Engine, run::run};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "main passes the environment in")]
async fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name == "tables" {
        print!("{}", ports::page::tables());
        return ExitCode::SUCCESS;
    }
    let engine: Engine = name.parse().expect("an engine");
    let world = Aws::load(|name| std::env::var(name).ok()).await;
    let verdicts = run(&world, engine, ports::checks()).await;
    for verdict in &verdicts {
        println!("{verdict}");
    }
    if verdicts.iter().any(ports::run::Verdict::is_fault) {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
