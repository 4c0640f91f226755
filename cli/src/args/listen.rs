//! What `landfall listen` takes, and the help that teaches it.

use clap::Args;

use crate::when::Moment;

pub(crate) const HELP: &str = "\
Bring the events of a stack to a service on this machine, as they come: by your own credentials, without a tunnel and without \
a way in.

What came while it was off comes first, in the order of receipt, and what is replayed comes again. It notes after each event \
how far it came, on this machine, for this stack and these sources, and goes on there: an event comes at least once. An event \
that the service answers with anything but 2xx is sent again, after pauses that grow to half a minute, and what came after it \
waits; with --skip-failed it is told and passed. While nothing answers at all it waits in any case.

A request is the one that a destination gets over HTTP (docs/destinations.md): the provider's body byte for byte, the headers \
that are kept of its delivery, and what Landfall says of it, with an idempotency key in `webhook-id`. Nothing signs it. Of a \
bundle its items come, and not the bundle.

Only an address of this machine is taken: 127.0.0.0/8, ::1, or a name that leads there and nowhere else. A stack of the \
environment live wants --live.

--lag says how far it is behind, and when it last looked. Exit status 1 then: events wait, and it hasn't looked for a minute; \
or it never ran here.

Needs dynamodb:Query on the ledger's index and dynamodb:BatchGetItem and GetItem on its table, logs:FilterLogEvents on \
/aws/lambda/STACK/consumer, and s3:GetObject on the bucket of bodies.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall listen --source stripe --to http://127.0.0.1:3000/hooks
  landfall listen --source stripe --source github --to http://localhost:3000/ --since 2h
  landfall listen --source stripe --lag
  landfall --stack landfall-test listen --source stripe --to http://127.0.0.1:3000/hooks --json";

/// Whose events to bring, and where to.
#[derive(Args, Debug)]
pub(crate) struct GivenListen {
    /// Bring the events of this source; repeatable
    #[arg(long = "source", value_name = "NAME", required = true)]
    pub(crate) sources: Vec<String>,

    /// The service on this machine, which gets each event by POST: `http://127.0.0.1:3000/hooks`
    #[arg(long, value_name = "URL", required_unless_present = "lag")]
    pub(crate) to: Option<String>,

    /// Begin with what was received since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30 [default: where it
    /// ended last; the first time, now]
    #[arg(long, value_name = "TIME", conflicts_with = "lag", value_parser = Moment::read)]
    pub(crate) since: Option<Moment>,

    /// Tell and pass an event that the service answers with anything but 2xx
    #[arg(long, conflicts_with = "lag")]
    pub(crate) skip_failed: bool,

    /// Bring nothing, and say how far it is behind
    #[arg(long, conflicts_with = "to")]
    pub(crate) lag: bool,

    /// Bring the events of a stack of the environment `live`, too
    #[arg(long)]
    pub(crate) live: bool,
}
