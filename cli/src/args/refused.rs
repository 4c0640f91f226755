//! What `landfall refused` takes, and the help that teaches it.

use std::net::IpAddr;

use clap::{Args, Subcommand};

use crate::when::Moment;

pub(crate) const HELP: &str = "\
See which deliveries were refused, why and from where. What they said is not among it: nothing of a delivery that isn't \
proven is kept.

It is read from ingest's log lines, which are kept for `LogDays`. Of a flood not each has one: of one reason and source a \
process writes the first hundred lines of a minute and then each hundredth, which stands for the others. Counts are of all \
of them; addresses are those of the lines.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall refused list
  landfall refused list --source stripe --reason forged --since 24h
  landfall refused list --address 203.0.113.7
  landfall refused show 1796029200000-1a2b3c4d          as the list names it: why, and what to try
  landfall refused list --json | jq '.reasons'

With --json, `reasons` counts by reason and source, `refused` has the newest of them, and `is_cut` says whether there was more \
than was read. Exit status 1: there is none. Needs logs:FilterLogEvents on the group /aws/lambda/STACK/ingest.";

#[derive(Debug, Subcommand)]
pub(crate) enum Refused {
    /// List refused deliveries, the newest first, and count them by reason; exit status 1: there are none
    List(GivenRefused),

    /// Show one of them in full, with what its reason means and what to try
    Show {
        /// The delivery, as `landfall refused list` names it
        delivery: String,
    },
}

/// Which refused deliveries are meant: those of which all of this is so.
#[derive(Args, Debug)]
pub(crate) struct GivenRefused {
    /// To this source
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// For this reason: missing, malformed, stale, forged, method … as the list names it
    #[arg(long, value_name = "WORD")]
    pub(crate) reason: Option<String>,

    /// From this address
    #[arg(long, value_name = "IP")]
    pub(crate) address: Option<IpAddr>,

    /// Since when: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Up to when [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::read)]
    pub(crate) until: Option<Moment>,

    /// List so many at most; all are counted
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(crate) limit: u32,
}
