//! `landfall`, the command line: tries signatures, explains refusals, sends sample events and looks into the ledger.
//!
//! `verify`, `explain`, `sign`, `package`, `cost`, `capacity`, `providers`, and `check` without a stack need no network and no
//! AWS; the other commands talk to one stack.

#![deny(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "all that is printed goes through `print`, which makes visible what a stranger may have hidden in it"
)]

mod args;
mod check;
mod clock;
mod completions;
mod configuration;
mod consent;
mod console;
mod cost;
mod deed;
mod delivery;
mod describe;
mod destinations;
mod dlq;
#[cfg(test)]
mod docs;
mod doctor;
mod endpoints;
mod enrol;
mod escape;
mod events;
mod explain;
mod failure;
mod form;
mod gateway;
mod help;
mod indent;
mod input;
mod listen;
mod logs;
mod mcp;
mod package;
mod post;
mod print;
mod protect;
mod providers;
mod quarantine;
mod reconcile;
mod refused;
mod request;
mod routes;
mod sample;
mod samples;
mod secrets;
mod send;
mod sign;
mod source;
mod stack;
mod stats;
mod status;
mod trial;
mod verdict;
mod verify;
mod when;

use std::process::ExitCode;

use clap::Parser as _;

use landfall_aws::config::environment;

use crate::{
    args::{Cli, Command},
    failure::Failure,
    print::Manner,
};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            print::usage(&error);
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    print::set(Manner {
        verbose: cli.verbose,
        ..Manner::of_this_terminal(
            cli.utc,
            !cli.no_color,
            environment("NO_COLOR").as_deref(),
            environment("TERM").as_deref(),
        )
    });
    match run(cli) {
        Ok(code) => code,
        Err(failure) => {
            print::note(&failure.told(print::manner().verbose));
            failure.code()
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let config = cli.stack.config.as_deref();
    match cli.command {
        Command::Verify(given) => verify::run(&given, config),
        Command::Explain(given) => explain::run(&given, config, cli.json),
        Command::Sign(given) => sign::run(&given, config),
        Command::Send(given) => send::run(&given, &cli.stack, cli.json),
        Command::Listen(given) => listen::run(&given, &cli.stack, cli.json),
        Command::Sources => endpoints::list(&cli.stack, cli.json),
        Command::Url { source } => endpoints::url(&source, &cli.stack, cli.json),
        Command::Events(asked) => events::run(&asked, &cli.stack, cli.json),
        Command::Routes(asked) => routes::run(&asked, &cli.stack, cli.json),
        Command::Destinations(asked) => destinations::run(&asked, &cli.stack, cli.json),
        Command::Logs(given) => logs::run(&given, &cli.stack, cli.json),
        Command::Status => status::status(&cli.stack, cli.json),
        Command::Watch => status::watch(&cli.stack, cli.json),
        Command::Console(given) => console::run(&given, &cli.stack, cli.json),
        Command::Doctor => doctor::run(&cli.stack, cli.json),
        Command::Refused(asked) => refused::run(&asked, &cli.stack, cli.json),
        Command::Stats(given) => stats::run(&given, &cli.stack, cli.json),
        Command::Dlq(asked) => dlq::run(&asked, &cli.stack, cli.json),
        Command::Reconcile(asked) => reconcile::run(&asked, &cli.stack, cli.json),
        Command::Secrets(asked) => secrets::run(&asked, &cli.stack, cli.json),
        Command::Quarantine(asked) => quarantine::run(&asked, &cli.stack, cli.json),
        Command::Enrol(asked) => enrol::run(&asked, &cli.stack, cli.json),
        Command::Mcp(given) => mcp::run(&given, &cli.stack),
        Command::Check(given) => check::run(&given, &cli.stack, cli.json),
        Command::Package(given) => package::run(&given, config, cli.json),
        Command::Protect(given) => protect::run(&given, &cli.stack, cli.json),
        Command::Cost(given) => Ok(cost::run(&given, cli.json)),
        Command::Capacity(given) => Ok(cost::capacity::run(&given, cli.json)),
        Command::Providers(given) => providers::run(&given, cli.json),
        Command::Completions { shell } => Ok(completions::completions(shell)),
        Command::Man { into } => completions::man(into.as_deref()),
    }
}
