//! What `landfall enrol` takes.

use clap::Subcommand;

use super::secrets::label;

#[derive(Debug, Subcommand)]
pub(crate) enum Enrol {
    /// Let the source's provider hand over a secret, for ten minutes
    Open {
        /// The source: a table of infra/landfall.toml
        source: String,
    },

    /// Show whether a secret waits, when and from where it came, and its fingerprint; exit status 1: none does
    Show {
        /// The source
        source: String,
        /// Print the secret too, where it has to be entered at the provider
        #[arg(long)]
        reveal: bool,
    },

    /// Make the secret that waits the newest of the source's
    Confirm {
        /// The source
        source: String,
        /// The fingerprint of the secret that is meant, as `show` prints it
        #[arg(long, value_name = "HEX")]
        fingerprint: String,
        /// The name by which logs speak of the secret [default: the date and the fingerprint]
        #[arg(long, value_parser = label)]
        label: Option<String>,
    },

    /// Take nothing more, and forget what waits
    Close {
        /// The source
        source: String,
    },
}
