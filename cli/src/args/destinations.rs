//! What `landfall destinations` takes.

use clap::Subcommand;

use crate::help::TEST_DESTINATION;

#[derive(Debug, Subcommand)]
pub(crate) enum Destinations {
    /// List the destinations: what each is, how it fares, since when, and what the last failure said
    List,

    /// Stop a destination: what is sent to it waits, without using a try
    Pause {
        /// The destination: a table of infra/landfall.toml
        destination: String,
    },

    /// Have the deployed consumer send a destination a test event, and say what came of it
    #[command(long_about = TEST_DESTINATION)]
    Test {
        /// The destination
        destination: String,

        /// Yes, to a destination of the environment live
        #[arg(long)]
        live: bool,
    },

    /// Let a destination go on that was stopped, or that has opened
    Resume {
        /// The destination
        destination: String,
    },
}
