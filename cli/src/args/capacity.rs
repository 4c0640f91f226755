//! What `landfall capacity` takes, and the help that teaches it.

use clap::Args;

pub(crate) const HELP: &str = "\
Tell which limit a stack meets first at so many events a second, without network and AWS: AWS's defaults and the template's, \
what the rate takes of each, and what to turn. A share of 1 is a limit that is reached. Beside it, what that many events cost \
a month. With --json each limit has AWS's page that names it.

With --backlog: how long so many tickets take that wait in the queue, by ConsumerConcurrency, while events go on coming in at \
the rate that is given beside it, or none; what the sweeper does meanwhile; until when tickets are kept; and what it costs.

It is arithmetic, from the sizes and times that `landfall cost` goes by.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall capacity --events-per-second 1000
  landfall capacity --events-per-second 1000 --shards 4 --handler-ms 250
  landfall capacity --backlog 1000000 --handler-ms 250";

/// What to compute the limits of.
#[derive(Args, Debug)]
pub(crate) struct GivenCapacity {
    /// How many events come in a second
    #[arg(long = "events-per-second", value_name = "N", value_parser = clap::value_parser!(u32).range(1..), required_unless_present = "backlog")]
    pub(crate) rate: Option<u32>,

    /// How many tickets wait in the queue
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) backlog: Option<u32>,

    /// The size of an event's body
    #[arg(long, value_name = "BYTES", default_value_t = 2_048)]
    pub(crate) body: u32,

    /// What a handler, or a destination, takes of a batch
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 0)]
    pub(crate) handler_ms: u32,

    /// Into how many parts the index by time is divided, as the template's `Shards` [default: the template's]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub(crate) shards: Option<u8>,

    /// What stands before the ingest function, as the template's `FrontDoor`
    #[arg(long, value_name = "api|url", default_value = "api", value_parser = ["api", "url"])]
    pub(crate) front_door: String,
}
