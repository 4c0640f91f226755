//! What the command line takes, and the help that teaches it.

mod capacity;
mod console;
mod cost;
mod delivery;
mod destinations;
mod dlq;
mod enrol;
mod events;
mod listen;
mod logs;
mod mcp;
mod providers;
mod quarantine;
mod reconcile;
mod refused;
mod replay;
mod routes;
mod secrets;
mod send;
mod which;

use std::path::PathBuf;

use catalogue::Environment;
use clap::{Args, Parser, Subcommand};
use protocol::time::Millis;

use crate::help::{
    CHECK, CHECK_EXAMPLES, COMPLETIONS_EXAMPLES, DOCTOR_EXAMPLES, EXAMPLES, MAN_EXAMPLES, PACKAGE,
    PACKAGE_EXAMPLES, PROTECT, PROTECT_EXAMPLES, STATUS_EXAMPLES,
};

pub(crate) use self::{
    capacity::GivenCapacity,
    console::GivenConsole,
    cost::GivenCost,
    delivery::{GivenDelivery, GivenSecrets, GivenSender},
    destinations::Destinations,
    dlq::{Dlq, GivenLetters},
    enrol::Enrol,
    events::Events,
    listen::GivenListen,
    logs::{GivenLogs, GivenStats},
    mcp::GivenMcp,
    providers::{GivenNewProvider, GivenProviders, ProvidersCommand},
    quarantine::{GivenOpening, Quarantine},
    reconcile::{GivenGitHub, GivenReconcile, GivenStripe, Reconcile},
    refused::{GivenRefused, Refused},
    replay::GivenReplay,
    routes::{Expectation, GivenTest, Routes},
    secrets::{GivenRetire, GivenRotate, GivenSet, Secrets},
    send::GivenEvent,
    which::{GivenFilter, GivenSpan, GivenWhich, StateWord},
};

/// Receives webhooks on AWS Lambda. This command tries signatures, sends sample events and looks into the ledger.
#[derive(Debug, Parser)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are the command line's flags"
)]
#[command(name = "landfall", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// Tell times in UTC [default: in this machine's zone; JSON is always in UTC]
    #[arg(long, global = true)]
    pub(crate) utc: bool,

    /// No colours, as with the variable `NO_COLOR`; there are none but on a terminal
    #[arg(long, global = true)]
    pub(crate) no_color: bool,

    /// When something fails, print AWS's own words too
    #[arg(long, global = true)]
    pub(crate) verbose: bool,

    #[command(flatten)]
    pub(crate) stack: GivenStack,
}

/// Which deployed stack to talk to, and by which configuration.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GivenStack {
    /// The deployed stack, by its name on AWS [default: the one that `make up` noted in .landfall/local.json, in this
    /// folder or above it]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) stack: Option<String>,

    /// The AWS region, as the AWS CLI has it
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// The AWS profile, as the AWS CLI has it
    #[arg(long, global = true)]
    pub(crate) profile: Option<String>,

    /// The configuration, as the stack was deployed with it [default: the file that `LANDFALL_CONFIG` names, else
    /// infra/landfall.toml in this folder or above it]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell whether a delivery is authentic, without network and AWS
    #[command(long_about = delivery::VERIFY, after_help = delivery::VERIFY_EXAMPLES)]
    Verify(GivenDelivery),

    /// Find out why a delivery is refused, in a sentence
    #[command(long_about = delivery::EXPLAIN, after_help = delivery::EXPLAIN_EXAMPLES)]
    Explain(GivenDelivery),

    /// Sign a delivery as the provider would, and print it, without network and AWS
    #[command(long_about = delivery::SIGN, after_help = delivery::SIGN_EXAMPLES)]
    Sign(GivenDelivery),

    /// Send a signed sample event, or one of your own, to the running stack
    #[command(long_about = send::HELP, after_help = send::EXAMPLES)]
    Send(GivenEvent),

    /// Bring the events of a stack to a service on this machine
    #[command(long_about = listen::HELP, after_help = listen::EXAMPLES)]
    Listen(GivenListen),

    /// List the sources of the running stack: URL, provider, whether a secret is there, and which routes its
    /// events may go
    Sources,

    /// Print the URL of a source, to be entered at the provider
    Url {
        /// The source: a table of infra/landfall.toml
        source: String,
    },

    /// Look into the ledger, and have events run again
    #[command(subcommand)]
    Events(Events),

    /// See which deliveries were refused, why and from where
    #[command(subcommand, long_about = refused::HELP, after_help = refused::EXAMPLES)]
    Refused(Refused),

    /// Print what the functions have logged, of all, of a source or of one event
    #[command(after_help = logs::LOGS_EXAMPLES)]
    Logs(GivenLogs),

    /// Show on one screen how the stack is: what failed, what waits, alarms, routes, cost so far, and the last hour's numbers
    #[command(after_help = STATUS_EXAMPLES)]
    Status,

    /// Show the same every ten seconds, until Ctrl-C
    Watch,

    /// Open a page on this machine that shows and does what these commands do
    #[command(long_about = console::HELP, after_help = console::EXAMPLES)]
    Console(GivenConsole),

    /// Check what must hold of a deployed stack, one by one, and say what mends it
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor,

    /// Count deliveries, refusals and attempts by source, and how long they took
    #[command(long_about = logs::STATS, after_help = logs::STATS_EXAMPLES)]
    Stats(GivenStats),

    /// See which events go where, and what another configuration would change
    #[command(subcommand, long_about = routes::HELP, after_help = routes::EXAMPLES)]
    Routes(Routes),

    /// See how the destinations fare, try one out, stop one and let it go on
    #[command(subcommand, long_about = destinations::HELP, after_help = destinations::EXAMPLES)]
    Destinations(Destinations),

    /// See what was given up, have it tried again, or put it aside
    #[command(subcommand, long_about = dlq::HELP, after_help = dlq::EXAMPLES)]
    Dlq(Dlq),

    /// Ask a provider what it has sent, and have it send again what the ledger doesn't have
    #[command(subcommand, long_about = reconcile::HELP)]
    Reconcile(Reconcile),

    /// Change the secrets of sources and destinations
    #[command(subcommand, long_about = secrets::HELP, after_help = secrets::EXAMPLES)]
    Secrets(Secrets),

    /// Keep what a source refuses for a while, and admit what proves to be authentic
    #[command(subcommand, long_about = quarantine::HELP, after_help = quarantine::EXAMPLES)]
    Quarantine(Quarantine),

    /// Take the secret that a provider hands over in its first request
    #[command(subcommand, long_about = enrol::HELP, after_help = enrol::EXAMPLES)]
    Enrol(Enrol),

    /// Serve the reading commands to a program that speaks the Model Context Protocol, over standard input and output
    #[command(long_about = mcp::HELP, after_help = mcp::EXAMPLES)]
    Mcp(GivenMcp),

    /// Name every fault of the configuration, or say how many sources it has
    #[command(long_about = CHECK, after_help = CHECK_EXAMPLES)]
    Check(GivenCheck),

    /// Put the configuration into functions' packages that were built elsewhere
    #[command(long_about = PACKAGE, after_help = PACKAGE_EXAMPLES)]
    Package(GivenPackage),

    /// Keep a stack from being taken down by mistake
    #[command(long_about = PROTECT, after_help = PROTECT_EXAMPLES)]
    Protect(GivenProtect),

    /// Tell what a stack costs on AWS, line by line, without AWS
    #[command(long_about = cost::HELP, after_help = cost::EXAMPLES)]
    Cost(GivenCost),

    /// Tell which of AWS's limits a stack meets first at so many events a second, and what to turn, without AWS
    #[command(long_about = capacity::HELP, after_help = capacity::EXAMPLES)]
    Capacity(GivenCapacity),

    /// List the providers of the catalogue, or show one
    #[command(after_help = providers::EXAMPLES)]
    Providers(GivenProviders),

    /// Print what completes this command in a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page, or write one for each command
    #[command(after_help = MAN_EXAMPLES)]
    Man {
        /// Write all pages into this folder
        #[arg(long, value_name = "FOLDER")]
        into: Option<PathBuf>,
    },
}

/// What to check.
#[derive(Args, Debug)]
pub(crate) struct GivenCheck {
    /// The configuration; `-` reads standard input [default: as --config has it]
    #[arg(value_name = "FILE|-", conflicts_with = "config")]
    pub(crate) file: Option<PathBuf>,

    /// Count the sources of this environment: local, test or live; repeatable. Faults are named whatever environment
    /// they are in [default: all three, or with --stack the stack's]
    #[arg(long = "environment", value_name = "NAME", value_parser = environment)]
    pub(crate) environments: Vec<Environment>,

    /// Check as well the parameters that this section of samconfig.toml deploys with, such as live
    #[arg(long, value_name = "SECTION", conflicts_with = "stack")]
    pub(crate) config_env: Option<String>,

    /// Check nothing, and print the JSON Schema of the file (Draft 4), for editors
    #[arg(long, exclusive = true)]
    pub(crate) schema: bool,
}

/// Where to put the configuration.
#[derive(Args, Debug)]
pub(crate) struct GivenPackage {
    /// Functions' packages: ZIP files with a `bootstrap` in them. They are written anew, in their place
    #[arg(long, value_name = "ZIP", required = true, num_args = 1..)]
    pub(crate) into: Vec<PathBuf>,
}

/// Whether to protect.
#[derive(Args, Debug)]
pub(crate) struct GivenProtect {
    /// Take the protection off, before the stack is taken down
    #[arg(long)]
    pub(crate) off: bool,

    /// Ask nobody
    #[arg(long, requires = "off")]
    pub(crate) yes: bool,
}

fn environment(text: &str) -> Result<Environment, String> {
    Environment::named(text).ok_or_else(|| "it is one of local, test and live".to_owned())
}

pub(crate) fn length(text: &str) -> Result<Millis, String> {
    let fault = || "write a number and s, m, h or d: 90s, 15m, 1h, 2d".to_owned();
    let unit = text.chars().last().ok_or_else(fault)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        _ => return Err(fault()),
    };
    let number: u32 = text[..text.len() - unit.len_utf8()]
        .parse()
        .map_err(|_| fault())?;
    Ok(Millis::seconds(i64::from(number) * seconds))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn lengths_are_read() {
        assert_eq!(length("90s"), Ok(Millis::seconds(90)));
        assert_eq!(length("2d"), Ok(Millis::days(2)));
        for text in ["", "1", "h", "-1h", "1w", "1.5h", "é"] {
            assert!(length(text).is_err(), "{text}");
        }
    }
}
