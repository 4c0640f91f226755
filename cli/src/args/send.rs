//! What `landfall send` takes, and the help that teaches it.

use std::path::PathBuf;

use clap::Args;

pub(crate) const HELP: &str = "\
Sign an event as the provider would, and post it to the running stack.

Prints for each delivery the answer's status, the milliseconds until it came, and the event id: \
`landfall events show SOURCE EVENT_ID` then says what became of it. The secret is read from the stack's secret in \
Secrets Manager. A provider that signs with a private key has handed out the public half only: on the local stack \
`make up` has made a pair; elsewhere give --private-key.

With --from it is an event that the ledger has, with the headers that are kept of it. --set and --edit change a body before it is \
signed: numbers, the order of members and all that isn't changed stay as they are written. What was stored or changed is never \
sent to a stack of the environment live.

It gets an id of its own where its source's template reads one (`landfall providers NAME` says where), in the form of the old one, \
unless there is --same-id; --repeat sends several such events, and --times one of them several times. Where nothing says an id, \
events are told apart by what is signed, so that one that is sent again as it is may be a duplicate: standard error says so.

Exit status 0: every delivery was answered as it should be (2xx, and 4xx for --forge, --stale and --no-signature); \
1: one was not, or there is no such event; 2: the arguments can't be used.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall send --source financbase
  landfall send --source self --type verification.completed --id 7f3b2a1e
  landfall send --source orum --times 3             one event, delivered three times
  landfall send --source formify --forge            signed with another secret: to be refused
  landfall send --source stripe --set data.object.amount=500 --set type=charge.failed
  landfall send --from stripe evt_1Qx2 --set data.object.amount=500
  landfall send --from stripe evt_1Qx2 --edit --repeat 3
  echo '{\"id\":\"d1\",\"type\":\"drill.fail\",\"times\":2}' | landfall send --source drill --body-file -
  landfall send --source stripe --stack landfall-test --region eu-west-1 --profile work";

/// What to send.
#[derive(Args, Debug)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "they are the command line's flags"
)]
pub(crate) struct GivenEvent {
    /// The source to send to: a table of the configuration [default: that of --from]
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    pub(crate) source: Option<String>,

    /// Send an event that the ledger has, signed anew and with an id of its own
    #[arg(long, num_args = 2, value_names = ["SOURCE", "EVENT_ID"], allow_hyphen_values = true,
        conflicts_with = "body_file")]
    pub(crate) from: Vec<String>,

    /// Set what stands at a path of the body, such as data.amount=500: JSON if it can be read as that, else a text; of a
    /// form's body a field. All else stays byte for byte; repeatable
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    pub(crate) sets: Vec<String>,

    /// Change the body in an editor, that of the variable `VISUAL` or `EDITOR`, before it is signed
    #[arg(long)]
    pub(crate) edit: bool,

    /// Send so many events, each with an id of its own
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "id",
        value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(crate) repeat: u32,

    /// Keep the id of the event that --from names: what is sent is a redelivery of it, or another body under its id
    #[arg(long, requires = "from", conflicts_with = "repeat")]
    pub(crate) same_id: bool,

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
    #[arg(long, group = "printed")]
    pub(crate) print: bool,

    /// Print the event that API Gateway makes of the request, for `cargo lambda invoke ingest`, and send nothing
    #[arg(long, group = "printed")]
    pub(crate) event: bool,

    /// Send to a stack of the environment `live`, too; never an event that was stored or changed
    #[arg(long, conflicts_with_all = ["from", "sets", "edit", "repeat"])]
    pub(crate) live: bool,

    /// The provider's private key, for schemes with public keys (PEM)
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key: Option<PathBuf>,
}
