//! What `landfall events` takes.

use clap::Subcommand;
use protocol::time::Millis;

use super::{GivenReplay, length};
use crate::help::{LIST_EXAMPLES, REPLAY, REPLAY_EXAMPLES, SHOW_EXAMPLES};

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

    /// Run events again, whatever came of them
    #[command(long_about = REPLAY, after_help = REPLAY_EXAMPLES)]
    Replay(GivenReplay),

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
