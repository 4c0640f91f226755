//! What `landfall quarantine` takes.

use clap::{Args, Subcommand};
use protocol::time::Millis;
use webhook::endpoint::quarantine::LONGEST;

use super::length;

#[derive(Debug, Subcommand)]
pub(crate) enum Quarantine {
    /// Have what a source refuses as forged or stale be kept for a while
    Open(GivenOpening),

    /// List what is open, and how much is kept of which source
    List,

    /// Verify what is kept with today's secrets, as of when it came, and admit what is authentic
    Verify {
        /// The source
        source: String,
    },

    /// Keep nothing more; what is kept stays for three days
    Close {
        /// The source
        source: String,
        /// Forget what is kept, too
        #[arg(long)]
        discard: bool,
    },
}

/// What to keep.
#[derive(Args, Debug)]
pub(crate) struct GivenOpening {
    /// The source: a table of infra/landfall.toml
    pub(crate) source: String,

    /// For how long: 90s, 15m, 1h, a day at most
    #[arg(long = "for", value_name = "TIME", default_value = "1h", value_parser = at_most_a_day)]
    pub(crate) length: Millis,

    /// Keep so many deliveries at most, of the whole stack
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub(crate) deliveries: u64,

    /// And so many megabytes of bodies
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) megabytes: u64,
}

fn at_most_a_day(text: &str) -> Result<Millis, String> {
    let length = length(text)?;
    if length > LONGEST {
        return Err("a quarantine is opened for a day at most; it can be opened again".to_owned());
    }
    Ok(length)
}
