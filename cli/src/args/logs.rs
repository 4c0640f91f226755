//! What `landfall logs` and `landfall stats` take, and the help that teaches them.

use clap::Args;

use crate::when::Moment;

pub(crate) const LOGS_EXAMPLES: &str = "\
Examples:
  landfall logs
  landfall logs stripe evt_1                  every delivery, attempt and handler's line of one event
  landfall logs github --follow
  landfall logs --since 24h --json | jq 'select(.outcome == \"refused\")'
  landfall logs --operators --since 30d       who replayed, redrove and discarded what

With --json each line is as the function wrote it. Exit status 1: there is none. Needs logs:FilterLogEvents on the groups \
/aws/lambda/STACK/….";

pub(crate) const STATS: &str = "\
Count deliveries, refusals and attempts by source, and how long they took.

It is counted from the functions' log lines, on AWS as on this machine: all of that time are read, which takes a second or \
so for each 10,000. What names no source that is configured stands under `-`. An answer's time is ingest's own, without the \
way to it; an age is that of an event when an attempt at it ended.";

pub(crate) const STATS_EXAMPLES: &str = "\
Examples:
  landfall stats --since 15m
  landfall stats stripe --since 24h --json";

/// Which log lines to print.
#[derive(Args, Debug)]
pub(crate) struct GivenLogs {
    /// Only lines about this source
    pub(crate) source: Option<String>,

    /// Only lines about this event of it
    #[arg(allow_hyphen_values = true)]
    pub(crate) event_id: Option<String>,

    /// What operators have done, and who: each replay, redrive and discard
    #[arg(long, conflicts_with = "source")]
    pub(crate) operators: bool,

    /// Go on with what is written from now on (Ctrl-C stops)
    #[arg(long)]
    pub(crate) follow: bool,

    /// Since when: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Up to when [default: now]
    #[arg(long, value_name = "TIME", conflicts_with = "follow", value_parser = Moment::read)]
    pub(crate) until: Option<Moment>,

    /// Read about so many lines of each function at most; what is beyond is told
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) limit: u32,
}

/// What to count.
#[derive(Args, Debug)]
pub(crate) struct GivenStats {
    /// Only this source
    pub(crate) source: Option<String>,

    /// Since when: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Read about so many lines of each function at most; what is beyond is told
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    pub(crate) limit: u32,
}
