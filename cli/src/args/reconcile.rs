//! What `landfall reconcile` takes, and the help that teaches it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::when::Moment;

pub(crate) const HELP: &str = "\
Ask a provider what it has sent, and have it send again what the ledger doesn't have.

An event that a provider couldn't deliver is sent again by itself by most, for a while, and by GitHub never. This lists what it tried to \
deliver, looks for each event's id in the ledger, and has those delivered once more that aren't there. It says how many that is \
before it asks. Interrupted, it is run again: what has arrived by then is left out.";

pub(crate) const GITHUB: &str = "\
Have GitHub deliver again what failed, and what the ledger doesn't have.

GitHub keeps deliveries for some days, and lists them for a webhook of a repository, of an organisation, or of an app. The token is \
asked for, or read from --token-file or the variable GITHUB_TOKEN: one that may read and write webhooks (for a repository the scope \
admin:repo_hook, for an organisation admin:org_hook, or the fine-grained permission `Webhooks`), of an app its JWT. It goes to \
--api-url and nowhere else.

An event that failed there and is in the ledger all the same (an answer that came too late, say) is left out. One that GitHub calls \
delivered and that isn't in the ledger is told, and sent again with --also-delivered: the webhook may lead elsewhere.

Exit status 0: all that was missing is asked for, or nothing is missing. 1: you said no, or GitHub or AWS failed. 2: the arguments \
can't be used. Needs dynamodb:Query on the ledger's index, and what the operators' log needs.";

pub(crate) const GITHUB_EXAMPLES: &str = "\
Examples:
  landfall reconcile github --source github --repo octocat/hello-world --hook 292430182
  landfall reconcile github --source github --org octo-org --hook 292430182 --since 24h --yes
  landfall reconcile github --source app --app --token-file jwt.txt
  landfall reconcile github --source github --repo a/b --hook 1 --api-url https://github.example.com/api/v3";

pub(crate) const STRIPE: &str = "\
Have Stripe send again what it couldn't deliver, and what the ledger doesn't have.

Stripe tries for up to three days, and lists events for 30. This reads which types the endpoint wants, lists the events of these \
types that Stripe hasn't delivered to every endpoint, and leaves out those that are in the ledger. The others are sent again, \
signed, by Stripe's own command line (`stripe events resend`), which must be installed: nothing else is documented to do that. \
What the list says of an event isn't signed, and is never taken for the event.

The key is asked for, or read from --token-file or the variable STRIPE_API_KEY: one that may read events and webhook endpoints \
and have events sent again. It goes to --api-url, and to that program by its environment. Of a platform's endpoint, events of \
connected accounts aren't looked at.

Exit status 0: all that was missing is sent again, or nothing is missing. 1: you said no, Stripe or AWS failed, or there is no \
program `stripe`. 2: the arguments can't be used. Needs dynamodb:Query on the ledger's index, and what the operators' log \
needs.";

pub(crate) const STRIPE_EXAMPLES: &str = "\
Examples:
  landfall reconcile stripe --source stripe --endpoint we_1Mr5jULkdIwHu7ix1ibLTM0x
  landfall reconcile stripe --source stripe --endpoint we_1Mr5jULkdIwHu7ix1ibLTM0x --since 30d --token-file key.txt --yes";

#[derive(Debug, Subcommand)]
pub(crate) enum Reconcile {
    /// Have GitHub deliver again what failed, and what the ledger doesn't have
    #[command(name = "github", long_about = GITHUB, after_help = GITHUB_EXAMPLES)]
    GitHub(GivenGitHub),

    /// Have Stripe send again what it couldn't deliver, and what the ledger doesn't have
    #[command(long_about = STRIPE, after_help = STRIPE_EXAMPLES)]
    Stripe(GivenStripe),
}

/// What is asked for, whatever the provider.
#[derive(Args, Debug)]
pub(crate) struct GivenReconcile {
    /// The source that the webhook leads to
    #[arg(long, value_name = "NAME")]
    pub(crate) source: String,

    /// Ask for so many events a second at most
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) rate: u32,

    /// Don't ask
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Which endpoint, and how far back.
#[derive(Args, Debug)]
pub(crate) struct GivenStripe {
    #[command(flatten)]
    pub(crate) what: GivenReconcile,

    /// The webhook endpoint that leads to the source
    #[arg(long, value_name = "ID")]
    pub(crate) endpoint: String,

    /// Look at what happened since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// A file with the key; `-` reads standard input [default: the variable `STRIPE_API_KEY`, or a question]
    #[arg(long, value_name = "FILE|-")]
    pub(crate) token_file: Option<PathBuf>,

    /// Where Stripe's API is
    #[arg(long, value_name = "URL", default_value = "https://api.stripe.com")]
    pub(crate) api_url: String,
}

/// Which webhook, and how far back.
#[derive(Args, Debug)]
pub(crate) struct GivenGitHub {
    #[command(flatten)]
    pub(crate) what: GivenReconcile,

    /// The webhook is of this repository
    #[arg(long, value_name = "OWNER/NAME", group = "whose", requires = "hook")]
    pub(crate) repo: Option<String>,

    /// The webhook is of this organisation
    #[arg(long, value_name = "NAME", group = "whose", requires = "hook")]
    pub(crate) org: Option<String>,

    /// The webhook is that of the app whose JWT the token is
    #[arg(long, group = "whose", conflicts_with = "hook", required_unless_present_any = ["repo", "org"])]
    pub(crate) app: bool,

    /// The webhook's number, which stands at the end of its page's address
    #[arg(long, value_name = "NUMBER")]
    pub(crate) hook: Option<u64>,

    /// Look at what was sent since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "3d", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Have sent again, too, what GitHub calls delivered and the ledger doesn't have
    #[arg(long)]
    pub(crate) also_delivered: bool,

    /// A file with the token; `-` reads standard input [default: the variable `GITHUB_TOKEN`, or a question]
    #[arg(long, value_name = "FILE|-")]
    pub(crate) token_file: Option<PathBuf>,

    /// Where GitHub's API is
    #[arg(long, value_name = "URL", default_value = "https://api.github.com")]
    pub(crate) api_url: String,
}
