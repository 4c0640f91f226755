//! What the command line takes, and the help that teaches it.

mod cost;
mod destinations;
mod dlq;
mod enrol;
mod events;
mod listen;
mod logs;
mod refused;
mod mcp;
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
    CHECK, CHECK_EXAMPLES, COMPLETIONS_EXAMPLES, COST, COST_EXAMPLES, DESTINATIONS,
    DESTINATIONS_EXAMPLES, DLQ, DLQ_EXAMPLES, DOCTOR_EXAMPLES, ENROL, ENROL_EXAMPLES, EXAMPLES,
    EXPLAIN, EXPLAIN_EXAMPLES, LOGS_EXAMPLES, MAN_EXAMPLES, PACKAGE, PACKAGE_EXAMPLES, PROTECT,
    PROTECT_EXAMPLES, PROVIDERS_EXAMPLES, REFUSED, REFUSED_EXAMPLES, ROUTES, ROUTES_EXAMPLES,
    SECRETS, SECRETS_EXAMPLES, SIGN, SIGN_EXAMPLES, STATS, STATS_EXAMPLES,
    VERIFY, VERIFY_EXAMPLES,
};

pub(crate) use self::{
    cost::GivenCost,
    destinations::Destinations,
    dlq::{Dlq, GivenLetters},
    enrol::Enrol,
    events::Events,
    listen::GivenListen,
    logs::{GivenLogs, GivenStats},
    refused::{GivenRefused, Refused},
    mcp::GivenMcp,
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
#[derive(Args, Debug)]
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
    #[command(long_about = VERIFY, after_help = VERIFY_EXAMPLES)]
    Verify(GivenDelivery),

    /// Find out why a delivery is refused, in a sentence
    #[command(long_about = EXPLAIN, after_help = EXPLAIN_EXAMPLES)]
    Explain(GivenDelivery),

    /// Sign a delivery as the provider would, and print it, without network and AWS
    #[command(long_about = SIGN, after_help = SIGN_EXAMPLES)]
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
    #[command(subcommand, long_about = REFUSED, after_help = REFUSED_EXAMPLES)]
    Refused(Refused),

    /// Print what the functions have logged, of all, of a source or of one event
    #[command(after_help = LOGS_EXAMPLES)]
    Logs(GivenLogs),

    /// Show on one screen how the stack is: what failed, what waits, queues, destinations, and the last hour's numbers
    Status,

    /// Show the same every ten seconds, until Ctrl-C
    Watch,

    /// Check what must hold of a deployed stack, one by one, and say what mends it
    #[command(after_help = DOCTOR_EXAMPLES)]
    Doctor,

    /// Count deliveries, refusals and attempts by source, and how long they took
    #[command(long_about = STATS, after_help = STATS_EXAMPLES)]
    Stats(GivenStats),

    /// See which events go where, and what another configuration would change
    #[command(subcommand, long_about = ROUTES, after_help = ROUTES_EXAMPLES)]
    Routes(Routes),

    /// See how the destinations fare, try one out, stop one and let it go on
    #[command(subcommand, long_about = DESTINATIONS, after_help = DESTINATIONS_EXAMPLES)]
    Destinations(Destinations),

    /// See what was given up, have it tried again, or put it aside
    #[command(subcommand, long_about = DLQ, after_help = DLQ_EXAMPLES)]
    Dlq(Dlq),

    /// Change the secrets of sources and destinations
    #[command(subcommand, long_about = SECRETS, after_help = SECRETS_EXAMPLES)]
    Secrets(Secrets),

    /// Take the secret that a provider hands over in its first request
    #[command(subcommand, long_about = ENROL, after_help = ENROL_EXAMPLES)]
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
    #[command(long_about = COST, after_help = COST_EXAMPLES)]
    Cost(GivenCost),

    /// List the providers of the catalogue, or show one
    #[command(after_help = PROVIDERS_EXAMPLES)]
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

/// What to show of the catalogue.
#[derive(Args, Debug)]
pub(crate) struct GivenProviders {
    /// Show this provider in full
    pub(crate) name: Option<String>,

    /// Those only whose entry was written, or held against what says so, on this day or since: 2026-11-30
    #[arg(long, value_name = "DATE", value_parser = day, conflicts_with = "name")]
    pub(crate) changed_since: Option<String>,

    /// Print the page of the docs: docs/providers.md
    #[arg(long, conflicts_with_all = ["name", "json", "changed_since"])]
    pub(crate) markdown: bool,

    /// Print the catalogue as data: docs/catalogue.json, whose schema is docs/catalogue.schema.json
    #[arg(long, conflicts_with_all = ["name", "json", "changed_since", "markdown"])]
    pub(crate) data: bool,
}

/// A day as the entries of the catalogue write it, so that texts compare as days do.
fn day(text: &str) -> Result<String, String> {
    let day: jiff::civil::Date = text.parse().map_err(|_| "a day is written 2026-11-30")?;
    Ok(day.to_string())
}

/// A delivery and what to verify it with.
#[derive(Args, Debug)]
pub(crate) struct GivenDelivery {
    #[command(flatten)]
    pub(crate) sender: GivenSender,

    #[command(flatten)]
    pub(crate) secrets: GivenSecrets,

    /// A header of the delivery; repeat it for each
    #[arg(
        long = "header",
        value_name = "NAME: VALUE",
        allow_hyphen_values = true
    )]
    pub(crate) headers: Vec<String>,

    /// The URL that was called, where the scheme signs it [default: the request's]
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) url: Option<String>,

    /// The URL as it was entered at the provider, where that isn't the one that was called [default: the source's
    /// `entered_url`]
    #[arg(long, value_name = "URL", allow_hyphen_values = true)]
    pub(crate) entered_url: Option<String>,

    /// The HTTP method [default: the request's, else POST]
    #[arg(long)]
    pub(crate) method: Option<String>,

    /// The time to hold the delivery's timestamp against, in seconds since 1970 [default: the clock]
    #[arg(long, value_name = "UNIX_SECONDS", allow_negative_numbers = true)]
    pub(crate) now: Option<i64>,

    /// The allowed clock difference, on the sides that the provider checks [default: the provider's own]
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub(crate) tolerance: Option<u64>,

    /// The body, byte for byte; `-` reads standard input
    #[arg(long, value_name = "FILE|-", required_unless_present = "request")]
    pub(crate) body_file: Option<PathBuf>,

    /// The whole request: raw HTTP, what `curl -i` or `curl -v` shows, or what `landfall sign` prints; `-` reads
    /// standard input. The body is what stands behind the blank line, byte for byte. What other options say counts
    /// more
    #[arg(long, value_name = "FILE|-")]
    pub(crate) request: Option<PathBuf>,
}

/// Who is said to have sent a delivery.
#[derive(Args, Debug)]
pub(crate) struct GivenSender {
    /// The provider that is said to have sent it (`landfall providers` lists them)
    #[arg(long, value_name = "NAME", required_unless_present = "source")]
    pub(crate) provider: Option<String>,

    /// A text that the provider asks for beside the secret, as under `settings` in infra/landfall.toml;
    /// repeatable
    #[arg(long = "setting", value_name = "NAME=VALUE")]
    pub(crate) settings: Vec<String>,

    /// Which of the provider's schemes count, where it has several (`landfall providers NAME`); repeatable, or
    /// separated by commas [default: those that count by themselves]
    #[arg(long, value_name = "VERSION", value_delimiter = ',')]
    pub(crate) versions: Vec<String>,

    /// The source that it was sent to, in place of a provider: a table of the configuration, with all that it
    /// changes of its provider
    #[arg(long, value_name = "NAME", conflicts_with_all = ["provider", "settings", "versions"])]
    pub(crate) source: Option<String>,

    /// For which environment to read the configuration: local, test or live [default: the first of live, test and local that the
    /// source is in]
    #[arg(long, value_name = "NAME", requires = "source", conflicts_with = "provider", value_parser = environment)]
    pub(crate) environment: Option<Environment>,
}

/// One secret at least; all of them are active.
#[derive(Args, Debug)]
#[group(required = true, multiple = true)]
pub(crate) struct GivenSecrets {
    /// A secret, or a public key, as the provider hands it out; repeatable. Other users of this
    /// machine can see it: rather use --secret-file
    #[arg(long = "secret", value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) texts: Vec<String>,

    /// A file with a secret; one line end at its end is dropped and nothing else; repeatable
    #[arg(long = "secret-file", value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
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
