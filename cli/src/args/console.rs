//! What `landfall console` takes, and the help that teaches it.

use clap::Args;

pub(crate) const HELP: &str = "\
Open a page on this machine that shows and does what these commands do, with your own credentials.

It is served on 127.0.0.1 only, to the browser that opens the URL that is printed: the URL has a token that is made anew at \
each start. Each page runs commands of this program and shows them, so that what is done there can be done, or put into a \
script, here. It needs the permissions of those commands. Ctrl-C stops it.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall console
  landfall console --port 8790
  landfall console --stack landfall-live --region eu-west-1 --profile work";

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
