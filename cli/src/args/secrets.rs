//! What `landfall secrets` takes, and the help that teaches it.

use std::path::PathBuf;

use clap::Subcommand;

use crate::when::Moment;

pub(crate) const HELP: &str = "\
Change the secrets of a source, or of a destination that is posted to, in Secrets Manager: in the stack's secret for sources \
or for destinations, or in one of its own if infra/landfall.toml names one. The others' secrets stay as they are, also when \
somebody else changes theirs at the same moment.

A destination's secret signs what it is sent, as Standard Webhooks do: `whsec_` and base64. With --header it is what the \
destination's headers call by that name.

With --certificate it is a source's private key, by which the consumer opens what the provider encrypts. It stands in the \
secret of the destinations, which ingest may not read.

Needs cloudformation:DescribeStacks, and on the secret secretsmanager:GetSecretValue, PutSecretValue and \
UpdateSecretVersionStage; list and retire need logs:FilterLogEvents, too. A secret is never printed, but for those of the local stack with `generate --show`.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall secrets set stripe                          asks for the secret, and doesn't show it
  landfall secrets set stripe --label 2026-11          by this name logs speak of it
  landfall secrets set orum --secret-file orum.pem
  pass show stripe/webhook | landfall secrets set stripe
  landfall secrets list stripe                         which there are, and which are still used
  landfall secrets retire stripe --label 2026-10       the last step of a rotation
  landfall secrets set stripe --replace                all older ones go at once
  landfall secrets set whatsapp --verify-token         what Meta sends when it proves the endpoint
  landfall secrets set microsoft-graph --certificate 2026 --secret-file key.pem
  landfall secrets set destination:billing             what signs for a destination
  landfall secrets set destination:billing --header token
  landfall secrets generate                            on the local stack: one for everything that has none
  landfall secrets generate github --show              and shows it, to be entered at the provider";

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

    /// Rotate a source's secret: add a new one in front of the old, and with --finish take the old ones away
    #[command(long_about = ROTATE, after_help = ROTATE_EXAMPLES)]
    Rotate(GivenRotate),

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

const ROTATE: &str = "\
Rotate a source's secret in two steps, so that no delivery is lost.

First a new one is added in front of the old ones: as the provider hands it out, from a prompt that doesn't show it, from \
--secret-file or a pipe; or with --generate one that is made up in the provider's form and written into a file of yours, from \
which it is entered at the provider, where that lets its receivers choose. Both then count.

Then, with --finish, the old ones are taken away: if the provider signs with the new one, and no delivery has come by an old \
one since it began to. Otherwise nothing is done, and it is said by which secret deliveries still come; `landfall secrets \
retire` takes one away all the same.

Exit status 0: done. 1: not yet, or you said no. 2: the arguments can't be used.";

const ROTATE_EXAMPLES: &str = "\
Examples:
  landfall secrets rotate stripe                         asks for the new secret, and doesn't show it
  landfall secrets rotate github --generate new.txt      makes one up, to be entered at the provider
  landfall secrets rotate stripe --finish                once the provider signs with the new one";

/// The secret to rotate.
#[derive(Debug, clap::Args)]
pub(crate) struct GivenRotate {
    /// The source
    pub(crate) source: String,

    /// A file with the new secret, or the public key; `-` reads standard input; one line end at its end is dropped
    /// [default: standard input, or a question where that is a terminal]
    #[arg(long, value_name = "FILE|-", conflicts_with = "finish")]
    pub(crate) secret_file: Option<PathBuf>,

    /// Make one up in the provider's form, and write it into this new file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["secret_file", "finish"])]
    pub(crate) generate: Option<PathBuf>,

    /// The name by which logs speak of the new secret [default: the time]
    #[arg(long, value_parser = label, conflicts_with = "finish")]
    pub(crate) label: Option<String>,

    /// Take the old ones away
    #[arg(long)]
    pub(crate) finish: bool,

    /// Count deliveries since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Don't ask
    #[arg(long, requires = "finish")]
    pub(crate) yes: bool,
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

    /// The secret is the private key of the certificate for which the provider encrypts, which it calls by this name
    #[arg(long, value_name = "NAME", value_parser = certificate, conflicts_with_all = ["verify_token", "label"])]
    pub(crate) certificate: Option<String>,

    /// The secret is what a destination's headers call by this name, and signs nothing
    #[arg(long, value_name = "NAME", conflicts_with_all = ["verify_token", "certificate"])]
    pub(crate) header: Option<String>,

    /// Take the older ones away that are for the same
    #[arg(long)]
    pub(crate) replace: bool,
}

/// The name of a certificate as a provider takes it: 1 to 128 characters, none of which commands a terminal.
/// <https://learn.microsoft.com/graph/change-notifications-with-resource-data> says so of Microsoft Graph's.
fn certificate(text: &str) -> Result<String, String> {
    named(text, "certificate's name", 128)
}

/// A label that logs can show: 1 to 64 characters, none of which commands a terminal.
pub(super) fn label(text: &str) -> Result<String, String> {
    named(text, "label", 64)
}

fn named(text: &str, what: &str, most: usize) -> Result<String, String> {
    let is_fine = (1..=most).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text.contains(char::is_control);
    if is_fine {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "a {what} has 1 to {most} characters, none of them a control character"
        ))
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
