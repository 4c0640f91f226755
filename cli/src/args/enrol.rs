//! What `landfall enrol` takes, and the help that teaches it.

use clap::Subcommand;

use super::secrets::label;

pub(crate) const HELP: &str = "\
Take the secret that a provider hands over itself, in a first request that nothing signs (Asana, Notion).

Such a request may come from anybody. So the stack takes one only for ten minutes after `open`, and the first only; what \
it took waits until `confirm` puts it in front of the source's secrets, or for a day. Before that, make sure whose it is: \
compare its fingerprint (the first 8 hex digits of its SHA-256) where the provider shows you the secret, and the time and \
address it came from.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall enrol open tasks                            then create the webhook at the provider
  landfall enrol show tasks                            what came, when and from where
  landfall enrol show pages --reveal                   and the token that Notion wants pasted
  landfall enrol confirm tasks --fingerprint 1a2b3c4d
  landfall enrol close tasks                           nothing more is taken; what waits is forgotten";

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
