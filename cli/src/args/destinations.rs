//! What `landfall destinations` takes.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub(crate) enum Destinations {
    /// List the destinations: what each is, how it fares, since when, and what the last failure said
    List,

    /// Stop a destination: what is sent to it waits, without using a try
    Pause {
        /// The destination: a table of infra/landfall.toml
        destination: String,
    },

    /// Let a destination go on that was stopped, or that has opened
    Resume {
        /// The destination
        destination: String,
    },
}
