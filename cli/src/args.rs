//! What the command line takes, and the help that teaches it.

use std::path::PathBuf;

use catalogue::Environment;
use clap::{Args, Parser, Subcommand};
use webhook::time::Millis;

use crate::{enrol, secrets};

/// Receives webhooks on AWS Lambda. This command tries signatures, sends sample events and looks into the ledger.
#[derive(Debug, Parser)]
#[command(name = "landfall", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Print JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) stack: GivenStack,
}

/// Which deployed stack to talk to.
#[derive(Args, Debug)]
pub(crate) struct GivenStack {
    /// The deployed stack, by its name [default: the one that `make up` noted in .landfall/local.json]
    #[arg(long, global = true, value_name = "NAME")]
    pub(crate) stack: Option<String>,

    /// The AWS region, as the AWS CLI has it
    #[arg(long, global = true)]
    pub(crate) region: Option<String>,

    /// The AWS profile, as the AWS CLI has it
    #[arg(long, global = true)]
    pub(crate) profile: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  landfall providers                       what Landfall knows, and how each provider signs
  landfall send --source financbase        send a signed sample to the stack that `make up` started
  landfall events list --since 1h          what came in
  landfall verify --provider stripe …      is this delivery authentic?
  landfall explain --provider stripe …     if not: why?

`landfall COMMAND --help` says more about each.";

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
    #[command(long_about = SEND, after_help = SEND_EXAMPLES)]
    Send(GivenEvent),

    /// Look into the ledger
    #[command(subcommand)]
    Events(Events),

    /// Change a source's secrets
    #[command(subcommand, long_about = secrets::ABOUT, after_help = secrets::EXAMPLES)]
    Secrets(secrets::Secrets),

    /// Take the secret that a provider hands over in its first request
    #[command(subcommand, long_about = enrol::ABOUT, after_help = enrol::EXAMPLES)]
    Enrol(enrol::Enrol),

    /// List the providers of the catalogue, or show one
    #[command(after_help = PROVIDERS_EXAMPLES)]
    Providers(GivenProviders),
}

/// What to show of the catalogue.
#[derive(Args, Debug)]
pub(crate) struct GivenProviders {
    /// Show this provider in full
    pub(crate) name: Option<String>,

    /// Print the page of the docs: docs/providers.md
    #[arg(long, conflicts_with_all = ["name", "json"])]
    pub(crate) markdown: bool,
}

const VERIFY: &str = "\
Tell whether a delivery is authentic, exactly as the deployed stack would, without network and AWS.

Prints one JSON object. Exit status 0:
  {\"verdict\":\"authentic\",\"event_id\":…,\"event_type\":…,\"key\":…,
   \"id_signed\":…,\"type_signed\":…,\"body_signed\":…,\"headers_signed\":{NAME:…}}
where key is what tells the event from others (of a delivery that is an event of its own: made up each time),
and \"unchecked\" with the names of settings that the source will have and that were not given;
Exit status 1:
  {\"verdict\":\"refused\",\"reason\":\"missing|malformed|stale|forged\",\"detail\":…}
Exit status 2: the arguments can't be used; standard error says why.

This interface is stable.";

const VERIFY_EXAMPLES: &str = "\
Examples:
  landfall verify --provider github --secret-file secret.txt \\
      --header 'X-Hub-Signature-256: sha256=…' --body-file body.json

  landfall verify --provider slack --secret 8f742231b10e8888abcd99yyyzzz85a5 --now 1531420618 \\
      --header 'X-Slack-Request-Timestamp: 1531420618' \\
      --header 'X-Slack-Signature: v0=…' --body-file - < body

  landfall verify --source acme --config infra/landfall.toml --secret-file secret.txt \\
      --request request.http";

const EXPLAIN: &str = "\
Find out why a delivery is refused. Takes what `landfall verify` takes.

What may have happened is tried in turn, each guess with the judgement of the deployed stack: a clock that is off, another \
URL, a body or a form that was written again, a line end lost or added, a wrong character set, a raw delivery, the secret \
in another form, an older version or another product's signature, another provider's, and the usual ways to compose, hash \
and encode. The first that holds is named in a sentence, with what to do about it. A weaker check is never that; lines for \
infra/landfall.toml are printed only where nobody documents how the provider signs.

With --json, `explanation` has `kind`, `sentence` and `mend`; `matches` what was found in full; `hints` what else to look at.

Exit status 0: authentic as it is; 1: refused, explained or not; 2: the arguments can't be used.";

const EXPLAIN_EXAMPLES: &str = "\
Example, with a delivery that was captured at the provider or in a log of one's own:
  landfall explain --provider formify --secret-file secret.txt \\
      --header 'X-Formify-Signature: …' --header 'X-Formify-Timestamp: …' --body-file body.json

The same as it came over the wire: request line, headers, a blank line and the body:
  landfall explain --provider formify --secret-file secret.txt --request request.http";

const SIGN: &str = "\
Sign a delivery as the provider would, and print it as JSON, without network and AWS.

Takes what `landfall verify` takes. Of several secrets the first signs; for schemes with public keys it is the private \
key (PEM, or whsk_…). What else the scheme signs, such as a header with the event's id, must be among the headers. \
Prints one JSON object:
  {\"method\":…,\"url\":…,\"headers\":[[name,value],…],\"body\":text or null,\"body_base64\":…}
Exit status 2: the arguments can't be used; standard error says why.";

const SIGN_EXAMPLES: &str = "\
Example:
  echo -n '{\"id\":\"evt_1\"}' | landfall sign --provider stripe --secret whsec_x --body-file -";

const SEND: &str = "\
Sign an event as the provider would, and post it to the running stack.

Prints for each delivery the answer's status, the milliseconds until it came, and the event id: \
`landfall events show SOURCE EVENT_ID` then says what became of it. The secret is read from the stack's secret in \
Secrets Manager. A provider that signs with a private key has handed out the public half only: on the local stack \
`make up` has made a pair; elsewhere give --private-key.

Exit status 0: every delivery was answered as it should be (2xx, and 4xx for --forge, --stale and --no-signature); \
1: one was not; 2: the arguments can't be used.";

const SEND_EXAMPLES: &str = "\
Examples:
  landfall send --source financbase
  landfall send --source self --type verification.completed --id 7f3b2a1e
  landfall send --source orum --times 3             one event, delivered three times
  landfall send --source formify --forge            signed with another secret: to be refused
  echo '{\"id\":\"d1\",\"type\":\"drill.fail\",\"times\":2}' | landfall send --source drill --body-file -
  landfall send --source stripe --stack landfall-test --region eu-west-1 --profile work";

const SHOW_EXAMPLES: &str = "\
EVENT_ID is the id as the provider gives it, and as `landfall send` and `landfall events list` print it. Where an id is \
not covered by the signature (GitHub, Shopify) the ledger keeps it with a digest of the body behind it; that form, the \
`key`, is taken too.

With --json, received_at is in milliseconds since 1970 and expires_at in seconds. The state is unclaimed, waiting, \
processing, succeeded or failed. Exit status 1: there is no such event.";

const LIST_EXAMPLES: &str = "\
Examples:
  landfall events list
  landfall events list --source orum --since 2d
  landfall events list --json | jq -r '.[] | select(.state == \"failed\") | .event_id'";

const PROVIDERS_EXAMPLES: &str = "\
Examples:
  landfall providers
  landfall providers orum
  landfall providers --json | jq -r '.[].name'";

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

    /// The configuration with the source [default: infra/landfall.toml as this command was built]
    #[arg(
        long,
        value_name = "FILE",
        requires = "source",
        conflicts_with = "provider"
    )]
    pub(crate) config: Option<PathBuf>,

    /// For which environment to read it: local, test or live [default: the first of live, test and local that the
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

/// What to send.
#[derive(Args, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are the command line's flags"
)]
pub(crate) struct GivenEvent {
    /// The source to send to: a table of infra/landfall.toml, as this command was built
    #[arg(long, value_name = "NAME")]
    pub(crate) source: String,

    /// The event type: that of the sample; or with --body-file, or for a source without a provider, any
    /// [default: the sample's]
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) event_type: Option<String>,

    /// The event id [default: a fresh one]
    #[arg(long, value_name = "ID")]
    pub(crate) id: Option<String>,

    /// A body of your own, sent byte for byte; `-` reads standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) body_file: Option<PathBuf>,

    /// Deliver the same event so many times
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) times: u32,

    /// Sign with another secret
    #[arg(long, group = "spoilt")]
    pub(crate) forge: bool,

    /// Sign a time that lies outside the tolerance
    #[arg(long, group = "spoilt")]
    pub(crate) stale: bool,

    /// Leave the signature out
    #[arg(long, group = "spoilt")]
    pub(crate) no_signature: bool,

    /// Print the request as JSON, as `landfall sign` does, and send nothing
    #[arg(long)]
    pub(crate) print: bool,

    /// Send to a stack of the environment `live`, too
    #[arg(long)]
    pub(crate) live: bool,

    /// The provider's private key, for schemes with public keys (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Events {
    /// Show what the ledger holds of an event
    #[command(after_help = SHOW_EXAMPLES)]
    Show {
        /// The source that it came to
        source: String,
        /// Its id
        #[arg(allow_hyphen_values = true)]
        event_id: String,
        /// Print the body too, with what is hidden in it made visible; its exact bytes are in what --json prints
        #[arg(long)]
        body: bool,
    },

    /// List the events that were received lately, newest first
    #[command(after_help = LIST_EXAMPLES)]
    List {
        /// Only this source
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
        /// How far to look back: 90s, 15m, 1h, 2d
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = length)]
        since: Millis,
        /// How many to list at most
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..=1_000))]
        limit: u16,
    },
}

fn environment(text: &str) -> Result<Environment, String> {
    Environment::named(text).ok_or_else(|| "it is one of local, test and live".to_owned())
}

fn length(text: &str) -> Result<Millis, String> {
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
