//! What `landfall console` takes.

use clap::Args;

/// Where the page is served.
#[derive(Args, Debug)]
pub(crate) struct GivenConsole {
    /// The port on 127.0.0.1 [default: one that is free]
    #[arg(
        long,
        value_name = "PORT",
        default_value_t = 0,
        hide_default_value = true
    )]
    pub(crate) port: u16,
}
