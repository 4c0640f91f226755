//! What `landfall quarantine` takes, and the help that teaches it.

use clap::{Args, Subcommand};
use protocol::time::Millis;
use webhook::endpoint::quarantine::LONGEST;

use super::length;

pub(crate) const HELP: &str = "\
Have what a source refuses as forged or stale be kept for a while, and admit what proves to be authentic once the mistake is \
mended: a wrong secret on the first day loses all events of a provider that never sends again.

This is an exception to the promise that nothing unverified is kept, and you are who makes it: whatever anybody sends to the \
source's URL until then is kept, encrypted, for three days, headers and body included, up to a number and a size. It is \
refused as before, never handled, and no function can read it.

`verify` holds each against the secrets of today and the time at which it came. What is authentic is recorded as ingest would \
have, and taken out; what isn't stays. Interrupted, it is run again: what was admitted already is a duplicate then.

Ingest learns that a quarantine is open when it reads the secrets: with the next forged delivery, once a minute at most. What \
is stale has it read nothing. A source whose keys are fetched has no quarantine, nor has what is refused before its signature \
is looked at.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall quarantine open stripe --for 1h
  landfall quarantine list
  landfall secrets set stripe                          the right one
  landfall quarantine verify stripe
  landfall quarantine close stripe --discard

Exit status 1 of `verify`: nothing is kept. Needs dynamodb:PutItem, GetItem and DeleteItem on the enrolment table; \
secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the stack's secret; s3:ListBucket on the bucket, \
s3:GetObject and DeleteObject under quarantine/, s3:PutObject under bodies/; dynamodb:PutItem and GetItem on the ledger; \
sqs:SendMessage on the queue.";

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
