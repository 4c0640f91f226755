//! What `landfall routes` takes, and the help that teaches it.

use std::{fmt, path::PathBuf, str::FromStr};

use catalogue::Environment;
use clap::{Args, Subcommand};

use super::environment;
use crate::when::Moment;

pub(crate) const HELP: &str = "\
See which events go where, and what another configuration would change.

Routes are those of the configuration at hand (--config). A stack runs with the one that it was deployed with: \
`landfall check --stack NAME` says whether they are the same.";

pub(crate) const EXAMPLES: &str = "\
Examples:
  landfall routes list
  landfall routes list --environment live      without a stack
  landfall routes explain stripe evt_1
  landfall routes test --since 7d              `landfall routes test --help` says more";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  landfall routes explain stripe evt_1
  landfall routes explain stripe evt_1 --body
  landfall routes explain stripe evt_1 --config edited.toml --json | jq '.routes[] | select(.matches)'

A route that isn't gone says why: by the source, the type, or the first field of `where` that isn't met, with what is asked \
of it, and never what it says. A route that is gone and can send nothing says which placeholder finds nothing: its leg \
fails. Exit status 1: there is no such event.";

pub(crate) const TEST: &str = "\
Run the configuration's routes over events that came in, without sending anything: per route how many events match, how \
many of them newly, how many no longer, of how many nothing could be sent (a placeholder finds nothing), and of how many \
something else is sent; with a sample of each.

They are compared with the routes that each event went, or with --against by those of another file. Only then what is sent \
can be compared, too: body, headers, key and destination.

Exit status 0: done, and all that --expect asks for is so. 1: it isn't, or events beyond --limit could change that. 2: the \
arguments can't be used.

With --json, `routes` has for each route `matches`, `newly`, `no_longer`, `fails` and `changed` with the number of `events` \
and a `sample`, `looked_at` how many events there were, and `stopped` whether there are more than --limit.";

pub(crate) const TEST_EXAMPLES: &str = "\
Examples:
  landfall routes test                                the file as it is now, over seven days
  landfall routes test --source stripe --since 30d --limit 20000
  landfall routes test --expect paid-invoices=1..     matches one event at least; =3 three, =..9 nine at most, =2..9
  git show HEAD:infra/landfall.toml | landfall routes test --against - --body
  landfall routes test --stack landfall-live --config edited.toml --json";

#[derive(Debug, Subcommand)]
pub(crate) enum Routes {
    /// List the routes of the configuration: whose events, of which types, to where
    List {
        /// For this environment: local, test or live; no stack is asked then [default: the stack's]
        #[arg(long, value_name = "NAME", value_parser = environment)]
        environment: Option<Environment>,
    },

    /// Tell which routes an event goes, and by which field it doesn't go the others
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain {
        /// The source that it came to
        source: String,
        /// Its id
        #[arg(allow_hyphen_values = true)]
        event_id: String,
        /// Print what each route sends, too: body, headers, key
        #[arg(long)]
        body: bool,
    },

    /// Run the configuration's routes over events that came in: what would change?
    #[command(long_about = TEST, after_help = TEST_EXAMPLES)]
    Test(GivenTest),
}

/// Which events to try the routes on, and what to hold them to.
#[derive(Args, Debug)]
pub(crate) struct GivenTest {
    /// Since when: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = Moment::read)]
    pub(crate) since: Moment,

    /// Only the events of this source
    #[arg(long, value_name = "NAME")]
    pub(crate) source: Option<String>,

    /// How many events to look at, at most: the newest ones
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) limit: u32,

    /// Compare with the routes of this configuration, and what is sent along them; `-` reads standard input [default:
    /// with the routes that each event went]
    #[arg(long, value_name = "FILE|-")]
    pub(crate) against: Option<PathBuf>,

    /// How many of the events a route must match: exactly N, N.. for that many at least, ..N at most, N..M from N to M;
    /// repeatable
    #[arg(long = "expect", value_name = "ROUTE=N")]
    pub(crate) expectations: Vec<Expectation>,

    /// Print how the body differs that is sent of a sample. It is made of what providers sent
    #[arg(long)]
    pub(crate) body: bool,
}

/// How many events a route is expected to match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Expectation {
    pub(crate) route: String,
    pub(crate) least: u64,
    pub(crate) most: Option<u64>,
}

impl FromStr for Expectation {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || "write ROUTE=N, ROUTE=N.., ROUTE=..N or ROUTE=N..M".to_owned();
        let number = |text: &str| text.parse::<u64>().map_err(|_| fault());
        let (route, count) = text.split_once('=').ok_or_else(fault)?;
        let (least, most) = match count.split_once("..") {
            None => (number(count)?, Some(number(count)?)),
            Some(("", "")) => return Err(fault()),
            Some((least, "")) => (number(least)?, None),
            Some(("", most)) => (0, Some(number(most)?)),
            Some((least, most)) => (number(least)?, Some(number(most)?)),
        };
        if route.is_empty() {
            return Err(fault());
        }
        if most.is_some_and(|most| most < least) {
            return Err("no number is that small and that great at once".to_owned());
        }
        Ok(Self {
            route: route.to_owned(),
            least,
            most,
        })
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { route, least, most } = self;
        match most {
            None => write!(f, "{route}={least}.."),
            Some(most) if most == least => write!(f, "{route}={least}"),
            Some(most) if *least == 0 => write!(f, "{route}=..{most}"),
            Some(most) => write!(f, "{route}={least}..{most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expectation_is_read_as_it_is_written() {
        for (text, least, most) in [
            ("paid=3", 3, Some(3)),
            ("paid=1..", 1, None),
            ("paid=..9", 0, Some(9)),
            ("paid=2..9", 2, Some(9)),
            ("paid=0", 0, Some(0)),
        ] {
            let route = "paid".to_owned();
            let expected = Expectation { route, least, most };
            assert_eq!(text.parse(), Ok(expected.clone()));
            assert_eq!(expected.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_expectation_is_refused() {
        for text in [
            "",
            "paid",
            "=3",
            "paid=",
            "paid=..",
            "paid=>3",
            "paid=-1",
            "paid=3..2",
        ] {
            assert!(text.parse::<Expectation>().is_err(), "{text}");
        }
    }
}
