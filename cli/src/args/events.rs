//! What `landfall events` takes.

use std::path::PathBuf;

use clap::Subcommand;

use super::{GivenReplay, GivenSpan, GivenWhich};
use crate::help::{
    EXPORT_EXAMPLES, LIST, LIST_EXAMPLES, REPLAY, REPLAY_EXAMPLES, SEARCH_EXAMPLES, SHOW_EXAMPLES,
};

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
        /// Print the payload's exact bytes, and nothing else
        #[arg(long, conflicts_with_all = ["no_body", "json"])]
        raw: bool,
        /// Print all but the payload
        #[arg(long)]
        no_body: bool,
    },

    /// Run events again, whatever came of them
    #[command(long_about = REPLAY, after_help = REPLAY_EXAMPLES)]
    Replay(GivenReplay),

    /// List events, the newest first
    #[command(long_about = LIST, after_help = LIST_EXAMPLES)]
    List {
        #[command(flatten)]
        which: GivenWhich,
        #[command(flatten)]
        span: GivenSpan,
        /// How many to list at most; that there are more is told, with where to go on
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
        limit: u16,
    },

    /// List the events whose payload has a text in it, the newest first
    #[command(after_help = SEARCH_EXAMPLES)]
    Search {
        /// The text, byte for byte
        #[arg(allow_hyphen_values = true)]
        text: String,
        #[command(flatten)]
        which: GivenWhich,
        #[command(flatten)]
        span: GivenSpan,
        /// How many to list at most; that there are more is told, with where to go on
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u16).range(1..))]
        limit: u16,
    },

    /// List events as they come, until Ctrl-C
    Tail {
        #[command(flatten)]
        which: GivenWhich,
    },

    /// Write all events that are meant, whole, as a line of JSON each
    #[command(after_help = EXPORT_EXAMPLES)]
    Export {
        #[command(flatten)]
        which: GivenWhich,
        #[command(flatten)]
        span: GivenSpan,
        /// Where to [default: standard output]
        #[arg(long, value_name = "FILE")]
        into: Option<PathBuf>,
        /// Without the payloads
        #[arg(long)]
        no_body: bool,
        /// Look through as much as it takes without asking
        #[arg(long)]
        yes: bool,
    },
}
