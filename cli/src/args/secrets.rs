//! What `landfall secrets` takes.

use std::path::PathBuf;

use clap::Subcommand;

use crate::when::Moment;

#[derive(Debug, Subcommand)]
pub(crate) enum Secrets {
    /// Make a secret the newest of a source's or a destination's; the others stay, up to five: the first step of a rotation
    #[command(visible_alias = "add")]
    Set(GivenSet),

    /// List the entries of the stack's secrets that nothing in the configuration uses, and take them away if asked
    ///
    /// Those of sources and destinations that were deleted, or that have a secret of their own by now
    Unused {
        /// Take them away. Not where the stack runs with another configuration than this one
        #[arg(long)]
        remove: bool,

        /// Ask nobody
        #[arg(long, requires = "remove")]
        yes: bool,
    },

    /// List the secrets of sources by their labels, never themselves, and by which of them deliveries still come
    List {
        /// Only those of this source
        source: Option<String>,
        /// Count deliveries since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
        #[arg(long, value_name = "TIME", default_value = "24h", value_parser = Moment::read)]
        since: Moment,
    },

    /// Take one of a source's secrets away, by its label: the second step of a rotation
    ///
    /// Says how many deliveries were proven by it lately, and asks. The only one that a source has stays
    Retire(GivenRetire),

    /// Make up a secret for every source of the local stack that has none, in the provider's form, and for every destination
    /// that is posted to
    ///
    /// Of a scheme with public keys it makes a key pair, and keeps the private half in .landfall/keys/, where `landfall
    /// send` finds it. Only for the stack that `make up` starts, which calls this itself
    Generate {
        /// Only these sources, and those written `destination:NAME`
        sources: Vec<String>,

        /// Print their secrets
        #[arg(long, requires = "sources")]
        show: bool,
    },
}

/// The secret to take away.
#[derive(Debug, clap::Args)]
pub(crate) struct GivenRetire {
    /// The source
    pub(crate) source: String,

    /// The secret's label, as `landfall secrets list` has it
    #[arg(long)]
    pub(crate) label: String,

    /// Count deliveries since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Don't ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// The secret to set.
#[derive(Debug, clap::Args)]
pub(crate) struct GivenSet {
    /// The source, or `destination:NAME`: a table of infra/landfall.toml
    pub(crate) source: String,

    /// A file with the secret, or the public key; `-` reads standard input; one line end at its end is dropped
    /// [default: standard input, or a question where that is a terminal]
    #[arg(long, value_name = "FILE|-")]
    pub(crate) secret_file: Option<PathBuf>,

    /// The name by which logs speak of the secret [default: the time]
    #[arg(long, value_parser = label)]
    pub(crate) label: Option<String>,

    /// The secret is the one by which the provider proves itself in its handshake, and signs nothing
    #[arg(long)]
    pub(crate) verify_token: bool,

    /// The secret is what a destination's headers call by this name, and signs nothing
    #[arg(long, value_name = "NAME", conflicts_with = "verify_token")]
    pub(crate) header: Option<String>,

    /// Take the older ones away that are for the same
    #[arg(long)]
    pub(crate) replace: bool,
}

/// A label that logs can show: 1 to 64 characters, none of which commands a terminal.
pub(super) fn label(text: &str) -> Result<String, String> {
    let is_fine = (1..=64).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text.contains(char::is_control);
    if is_fine {
        Ok(text.to_owned())
    } else {
        Err("a label has 1 to 64 characters, none of them a control character".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_can_be_shown() {
        assert!(label("2026-11 (new)").is_ok());
        for text in ["", " ", "\u{1b}[2J", "a\n", &"x".repeat(65)] {
            assert!(label(text).is_err(), "{text:?}");
        }
    }
}
