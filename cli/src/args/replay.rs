//! What `landfall events replay` takes.

use clap::Args;
use protocol::time::Millis;

use super::length;

/// What is to be run again.
#[derive(Args, Debug)]
pub(crate) struct GivenReplay {
    /// The source that the events came to
    #[arg(required_unless_present = "since")]
    pub(crate) source: Option<String>,

    /// Their ids
    #[arg(required_unless_present = "since", conflicts_with = "since")]
    pub(crate) event_ids: Vec<String>,

    /// Run this route's leg only [default: all legs]
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,

    /// All events that were received since then: 90s, 15m, 1h, 2d; of the source, or with --route of all sources
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) since: Option<Millis>,

    /// Don't ask
    #[arg(long)]
    pub(crate) yes: bool,
}
