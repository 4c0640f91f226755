//! What `landfall logs` and `landfall stats` take.

use clap::Args;

use crate::when::Moment;

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
