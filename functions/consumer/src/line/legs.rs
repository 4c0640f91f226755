//! What the line of a ticket says of its legs.

use landfall_aws::metrics::Metric;
use protocol::{
    decide::{
        consumer::Claim,
        finish::{Finish, RunOutcome},
    },
    ledger::LegState,
    time::Millis,
};
use serde_json::{Value, json};

use crate::legs::Ran;

/// What a leg came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegLine {
    /// Its route.
    pub route: String,
    /// What it came to.
    pub outcome: LegOutcome,
    /// Which try of its round.
    pub tries: u32,
    /// How long it ran, if it did.
    pub ran: Option<Millis>,
    /// What went wrong, or why it was held or skipped.
    pub error: Option<String>,
}

/// What a leg came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegOutcome {
    /// It is done.
    Succeeded,
    /// There was nothing to do.
    Skipped,
    /// It is to be tried again later.
    Retried,
    /// It waits for its destination, or because its handler asks for it.
    Held,
    /// It was given up; its letter is in the dead-letter queue.
    Failed,
}

impl LegOutcome {
    pub(super) const ALL: [Self; 5] = [
        Self::Succeeded,
        Self::Skipped,
        Self::Retried,
        Self::Held,
        Self::Failed,
    ];

    /// The outcome in a word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
            Self::Retried => "retried",
            Self::Held => "held",
            Self::Failed => "failed",
        }
    }

    pub(super) const fn metric(self) -> Metric {
        match self {
            Self::Succeeded | Self::Skipped => Metric::AttemptsSucceeded,
            Self::Retried => Metric::AttemptsRetried,
            Self::Held => Metric::AttemptsHeld,
            Self::Failed => Metric::AttemptsFailed,
        }
    }
}

impl LegLine {
    /// What a claim's legs come to, in the order in which they were run and then given up.
    pub(crate) fn all(claim: &Claim, outcomes: &[Ran], finish: &Finish) -> Vec<Self> {
        let given_up = claim.give_up.iter().filter_map(|leg| leg.route.as_ref());
        let legs = claim.run.iter().chain(given_up).filter_map(|route| {
            let leg = finish.work.legs.get(route)?;
            let ran = outcomes.iter().find(|ran| ran.route == *route);
            let held = ran.is_some_and(|ran| matches!(ran.outcome, RunOutcome::Held { .. }));
            let outcome = match leg.state {
                LegState::Succeeded => LegOutcome::Succeeded,
                LegState::Skipped => LegOutcome::Skipped,
                LegState::Failed => LegOutcome::Failed,
                LegState::Waiting | LegState::Processing if held => LegOutcome::Held,
                LegState::Waiting | LegState::Processing => LegOutcome::Retried,
            };
            Some(Self {
                route: route.clone(),
                outcome,
                tries: leg.tries,
                ran: ran.map(|ran| ran.took),
                error: leg.last_error.clone(),
            })
        });
        legs.collect()
    }

    pub(super) fn json(&self) -> Value {
        let mut leg = json!({
            "route": self.route,
            "outcome": self.outcome.as_str(),
            "tries": self.tries,
        });
        if let Some(ran) = self.ran {
            leg["ms"] = ran.0.into();
        }
        if let Some(error) = &self.error {
            leg["error"] = error.as_str().into();
        }
        leg
    }
}
