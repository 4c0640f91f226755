//! What `landfall refused` takes.

use std::net::IpAddr;

use clap::{Args, Subcommand};

use crate::when::Moment;

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
