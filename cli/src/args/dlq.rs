//! What `landfall dlq` takes, and the help that teaches it.

use clap::{Args, Subcommand};
use protocol::time::Millis;

use super::length;

pub(crate) const HELP: &str = "\
See the letters in the stack's dead-letter queue, one for each leg that was given up, and have them tried again.

`redrive` puts a ticket into the queue for each letter that is meant, and takes the letter away. What failed is then tried \
anew, with all its tries; mend the cause first. It doesn't matter whether the consumer wrote a letter or SQS moved a ticket \
there after too many receives. Interrupted, it is run again: a letter that went back twice asks once.

SQS lets nobody look at a message without hiding it from others. While a command looks, the queue's alarm may see fewer \
letters than there are; what it doesn't move it gives back at the end, or SQS does after five minutes.

Each redrive and discard is noted (`landfall logs --operators`), for which it needs logs:CreateLogStream and PutLogEvents \
on /aws/lambda/STACK/operators. Without them it goes on, and says so.

Exit status 0: done; 1: there were no such letters, the answer was no, or AWS failed; 2: the arguments can't be used.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall dlq list
  landfall dlq list --reason exhausted --newer-than 2h
  landfall dlq show stripe evt_1Qx2…
  landfall dlq redrive stripe evt_1Qx2…
  landfall dlq redrive --route to-billing --yes
  landfall dlq discard --reason expired";

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
