//! How long a delivery may take. Some providers wait three seconds.

use std::time::Duration;

use protocol::{
    fault::{Fault, FaultKind},
    ports::Clock,
    time::{Millis, UnixMillis},
};

/// The longest that a delivery takes.
const LONGEST: Millis = Millis(2_500);

/// What of Lambda's own deadline is kept for the answer.
const FOR_THE_ANSWER: Millis = Millis(100);

/// The longest that a read of secrets takes.
const FOR_SECRETS: Millis = Millis(1_000);

/// With less than this left no ticket is sent: the sweeper does it.
const FOR_A_TICKET: Millis = Millis(300);

/// When the answer must be given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    ends: UnixMillis,
}

impl Budget {
    /// The budget of a delivery that came at `started`, to an invocation that Lambda ends at
    /// `deadline`.
    pub(crate) fn new(started: UnixMillis, deadline: UnixMillis) -> Self {
        let lambdas = deadline.plus(Millis(-FOR_THE_ANSWER.0));
        Self {
            ends: started.plus(LONGEST).min(lambdas),
        }
    }

    /// Whether there is time to send a ticket.
    pub(crate) fn allows_a_ticket(self, clock: &impl Clock) -> bool {
        self.left(clock) >= FOR_A_TICKET
    }

    /// Waits for an effect, no longer than what is left. Of one that takes longer the fate is unknown.
    pub(crate) async fn within<T>(
        self,
        clock: &impl Clock,
        step: &'static str,
        effect: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        match limited(self.left(clock), effect).await {
            Some(result) => result,
            None => Err(Fault::new(
                FaultKind::TimedOut,
                step,
                "no answer within the time that a delivery has",
            )),
        }
    }

    /// Waits for secrets, no longer than a second.
    pub(crate) async fn within_a_second<T>(
        self,
        clock: &impl Clock,
        effect: impl Future<Output = T>,
    ) -> Result<T, Fault> {
        let read = limited(self.left(clock).min(FOR_SECRETS), effect).await;
        read.ok_or_else(|| {
            let text = "they could not be read within a second";
            Fault::new(FaultKind::TimedOut, "reading the source's keys", text)
        })
    }

    fn left(self, clock: &impl Clock) -> Millis {
        self.ends.since(clock.now())
    }
}

async fn limited<T>(length: Millis, effect: impl Future<Output = T>) -> Option<T> {
    let millis = u64::try_from(length.0).ok().filter(|left| *left > 0)?;
    tokio::time::timeout(Duration::from_millis(millis), effect)
        .await
        .ok()
}
