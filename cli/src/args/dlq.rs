//! What `landfall dlq` takes.

use clap::{Args, Subcommand};
use protocol::time::Millis;

use super::length;

#[derive(Debug, Subcommand)]
pub(crate) enum Dlq {
    /// List the letters, oldest first; exit status 1: there are none
    List {
        #[command(flatten)]
        which: GivenLetters,
    },

    /// Show the letters of an event in full, with the ticket that each of them is
    Show {
        /// The source that the event came to
        source: String,
        /// The event's id
        #[arg(allow_hyphen_values = true)]
        event_id: String,
    },

    /// Have what failed tried again, and take its letters away
    Redrive {
        #[command(flatten)]
        which: GivenLetters,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },

    /// Take letters away for good: their events stay failed
    Discard {
        #[command(flatten)]
        which: GivenLetters,
        /// Don't ask
        #[arg(long)]
        yes: bool,
    },
}

/// Which letters are meant: those for which all of this holds.
#[derive(Args, Debug, Default)]
pub(crate) struct GivenLetters {
    /// Of events of this source
    pub(crate) source: Option<String>,

    /// Of this event
    #[arg(allow_hyphen_values = true)]
    pub(crate) event_id: Option<String>,

    /// With this reason, as `landfall dlq list` prints it
    #[arg(long, value_name = "WORD")]
    pub(crate) reason: Option<String>,

    /// Of this route's legs
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,

    /// Written longer ago than this: 90s, 15m, 1h, 2d
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) older_than: Option<Millis>,

    /// Written less long ago than this
    #[arg(long, value_name = "TIME", value_parser = length)]
    pub(crate) newer_than: Option<Millis>,

    /// Look at so many letters of the queue at most; what is beyond is told
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) limit: u32,
}
