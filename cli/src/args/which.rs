//! Which events a command is about.

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use protocol::reason::Reason;

use crate::when::Moment;

/// Those for which all of this is so.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GivenWhich {
    /// Of this source; repeatable
    #[arg(long = "source", value_name = "NAME")]
    pub(crate) sources: Vec<String>,

    /// With a leg of this route
    #[arg(long, value_name = "NAME")]
    pub(crate) route: Option<String>,

    #[command(flatten)]
    pub(crate) filter: GivenFilter,
}

/// What is asked of an event, beside its source.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GivenFilter {
    /// Of this type: `invoice.paid`, or all that begin so: `invoice.*`
    #[arg(long = "type", value_name = "TYPE")]
    pub(crate) event_type: Option<String>,

    /// In this state; repeatable, or separated by commas
    #[arg(
        long = "state",
        value_name = "STATE",
        value_enum,
        value_delimiter = ','
    )]
    pub(crate) states: Vec<StateWord>,

    /// With a leg that leads to this destination
    #[arg(long, value_name = "NAME")]
    pub(crate) destination: Option<String>,

    /// With a leg that was given up for this reason. Without --state: that has failed
    #[arg(long, value_name = "REASON", value_parser = reason())]
    pub(crate) reason: Option<Reason>,

    /// With a leg whose last try said this, among other things
    #[arg(long, value_name = "TEXT")]
    pub(crate) error: Option<String>,

    /// Whose id has this in it
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) id: Option<String>,

    /// Whose payload has this in it, byte for byte
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub(crate) contains: Option<String>,
}

impl GivenFilter {
    /// The states that are asked for. What was given up is what has failed, where none is named: what is tried again may have
    /// a reason of before.
    pub(crate) fn states_meant(&self) -> Vec<StateWord> {
        if self.states.is_empty() && self.reason.is_some() {
            return vec![StateWord::Failed];
        }
        self.states.clone()
    }
}

/// How far to look, and from where on.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct GivenSpan {
    /// Received since then: 90s, 15m, 24h or 7d ago, or 2026-11-20, 2026-11-20T09:30 [default: 1h; all there are where
    /// only --state failed or late, or a --reason is asked for]
    #[arg(long, value_name = "TIME", value_parser = Moment::read)]
    pub(crate) since: Option<Moment>,

    /// Received until then [default: now]
    #[arg(long, value_name = "TIME", value_parser = Moment::read)]
    pub(crate) until: Option<Moment>,

    /// Go on where another listing ended, which said so
    #[arg(long, value_name = "TEXT")]
    pub(crate) cursor: Option<String>,

    /// Look through so many entries of the index without asking
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) scan: u32,
}

/// How an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StateWord {
    /// Nobody has begun with it
    Unclaimed,
    /// A leg is to be tried, again or for the first time
    Waiting,
    /// It is in somebody's hands
    Processing,
    /// All of its legs are done
    Succeeded,
    /// A leg was given up; others may wait
    Failed,
    /// No route took it
    Unrouted,
    /// A leg waits for more than a minute: it was tried some times, or its destination is open or paused
    Late,
}

impl StateWord {
    /// As listings have it.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Waiting => "waiting",
            Self::Processing => "processing",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unrouted => "unrouted",
            Self::Late => "late",
        }
    }
}

/// One of the reasons for which legs are given up.
fn reason() -> impl TypedValueParser<Value = Reason> {
    let words = PossibleValuesParser::new(Reason::OF_LEGS.map(Reason::as_str));
    words.try_map(|word| Reason::named(&word).ok_or("it is no reason"))
}
