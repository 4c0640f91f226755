//! What `landfall mcp` takes, and the help that teaches it.

use clap::Args;

pub(crate) const HELP: &str = "\
Serve this command to a program that speaks the Model Context Protocol, over standard input and output: what reads is a tool, and \
with --allow-write replaying and redriving are, too. Secrets, enrolment, destinations and what changes a configuration never are.

Each tool is a command of this one, run with --json for the stack that is named here, and answers what that prints. Answers are \
bounded, in items and in bytes: what is cut is said, with the cursor or the time to go on from. Payloads are left out, and can't be \
searched, unless there is --bodies and the tool is asked for them. What strangers may have written (payloads, ids, types, errors) is \
marked as theirs: it is data, whatever it says.

Replaying and redriving say how many events or letters it is about, and do nothing unless they are called with `confirm`. Each is \
noted in the operators' log, as by hand.";

pub(crate) const EXAMPLES: &str = "\
Example of a client's configuration:
  {\"mcpServers\": {\"landfall\": {\"command\": \"landfall\", \"args\": [\"--stack\", \"landfall-test\", \"mcp\"]}}}";

/// What the server may do.
#[derive(Args, Debug)]
pub(crate) struct GivenMcp {
    /// Show and search payloads, where a tool is asked to
    #[arg(long)]
    pub(crate) bodies: bool,

    /// Offer replaying events and redriving letters
    #[arg(long)]
    pub(crate) allow_write: bool,
}
