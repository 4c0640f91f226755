//! What `landfall cost` takes, and the help that teaches it.

use clap::Args;

pub(crate) const HELP: &str = "\
Tell what a stack with the template's defaults costs on AWS, line by line, without network and AWS: from list prices of one \
region on one day, and from sizes and times that were measured, or are said not to be. With --json each line has its \
quantity, its price and the page that says so, and `measured` has each size and time with where it is from.

Nothing of an account's own is in it; what is left out is listed below the table.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall cost --events-per-month 1000000
  landfall cost --events-per-month 20000000 --body 6000 --sources 40
  landfall cost --events-per-month 0 --sources 100      what a stack costs that nothing comes to";

/// What to compute the price of.
#[derive(Args, Debug)]
pub(crate) struct GivenCost {
    /// How many events come in a month
    #[arg(long = "events-per-month", value_name = "N")]
    pub(crate) events: u32,

    /// The size of an event's body
    #[arg(long, value_name = "BYTES", default_value_t = 2_048)]
    pub(crate) body: u32,

    /// How many sources they come to, evenly
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) sources: u32,

    /// What stands before the ingest function, as the template's `FrontDoor`
    #[arg(long, value_name = "api|url", default_value = "api", value_parser = ["api", "url"])]
    pub(crate) front_door: String,

    /// For how many seconds tickets are gathered, as the template's `BatchWindowSeconds`
    #[arg(long = "batch-window", value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u16).range(..=300))]
    pub(crate) window: u16,

    /// Whether each source has metrics of its own, as the template's `SourceMetrics`
    #[arg(long)]
    pub(crate) source_metrics: bool,

    /// For how many days events are kept, as under `retention_days` in infra/landfall.toml
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) retention_days: u16,
}
