//! `landfall`, the command line: tries signatures, explains refusals, sends sample events and looks into the ledger.
//!
//! `verify`, `explain`, `sign` and `providers` need no network and no AWS; the other commands talk to one stack.

mod args;
mod delivery;
mod describe;
mod enrol;
mod events;
mod explain;
mod failure;
mod form;
mod post;
mod print;
mod providers;
mod sample;
mod samples;
mod send;
mod sign;
mod stack;
mod verify;

use std::process::ExitCode;

use clap::Parser as _;

use crate::{
    args::{Cli, Command},
    failure::Failure,
};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("landfall: {failure}");
            failure.code()
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    match cli.command {
        Command::Verify(given) => verify::run(&given),
        Command::Explain(given) => explain::run(&given, cli.json),
        Command::Sign(given) => sign::run(&given),
        Command::Send(given) => send::run(&given, &cli.stack, cli.json),
        Command::Events(asked) => events::run(&asked, &cli.stack, cli.json),
        Command::Enrol(asked) => enrol::run(&asked, &cli.stack, cli.json),
        Command::Providers(given) => providers::run(&given, cli.json),
    }
}
