//! What `landfall destinations` takes, and the help that teaches it.

use clap::Subcommand;

pub(crate) const HELP: &str = "\
See how the destinations fare, try one out, stop one and let it go on.

A destination is closed while events reach it. It opens by itself when five deliveries within five minutes, and half of all, fail \
in a way that may pass; what is sent to it then waits, and uses no try. One delivery after another tries it, and the first that \
arrives closes it. Paused, it is left alone until it is resumed.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall destinations list
  landfall destinations test billing          does it take an event?
  landfall destinations pause billing         what is sent to it waits, within five seconds
  landfall destinations resume billing        also where it opened and shall be tried at once";

pub(crate) const TEST: &str = "\
Have the deployed consumer send a destination a test event, and say what came of it.

It is the consumer that sends, not this command: so what is tried is its role, its network, the configuration that it was \
deployed with and the destination's secrets, as for every other event. You need the permission lambda:InvokeFunction on it, \
and none on the destination. Not tried are what is not between the two: routes, their conditions and what they make of a \
body, the rate, and whether the destination is paused or open, which is neither asked nor changed.

The destination gets a real event, of the source `landfall` and the type `landfall.destination.test`, and whatever it does \
with an event, it does with this one: a state machine starts, a bucket gets an object.

Exit status 0: taken. 1: refused for good, or not taken now, or the stack runs with another configuration; standard output \
says which. 2: the arguments can't be used; in live without --live.";

#[derive(Debug, Subcommand)]
pub(crate) enum Destinations {
    /// List the destinations: what each is, how it fares, since when, and what the last failure said
    List,

    /// Stop a destination: what is sent to it waits, without using a try
    Pause {
        /// The destination: a table of infra/landfall.toml
        destination: String,
    },

    /// Have the deployed consumer send a destination a test event, and say what came of it
    #[command(long_about = TEST)]
    Test {
        /// The destination
        destination: String,

        /// Yes, to a destination of the environment live
        #[arg(long)]
        live: bool,
    },

    /// Let a destination go on that was stopped, or that has opened
    Resume {
        /// The destination
        destination: String,
    },
}
