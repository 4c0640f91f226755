//! What `landfall events replay` takes.

use clap::Args;

use super::{GivenFilter, GivenSpan};

/// What is to be run again.
#[derive(Args, Debug)]
pub(crate) struct GivenReplay {
    /// The source that the events came to
    pub(crate) source: Option<String>,

    /// Their ids [default: all that are meant by what follows]
    pub(crate) event_ids: Vec<String>,

    /// Run this route's leg only [default: all legs that haven't succeeded]
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,

    #[command(flatten)]
    pub(crate) filter: GivenFilter,

    #[command(flatten)]
    pub(crate) span: GivenSpan,

    /// Run again what has succeeded, too
    #[arg(long)]
    pub(crate) again: bool,

    /// Ask for so many events a second at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,

    /// Say what would be run again, and do nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,

    /// Don't ask
    #[arg(long)]
    pub(crate) yes: bool,
}
