//! Recovery: no more faults, time passes, everybody does what is theirs to do, until all is quiet.

use protocol::time::{Millis, UnixMillis};
use support::world::lock;

use super::drive::{AGES, World};

/// Who helps to recover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The provider sends again whatever it has heard no 2xx of.
    pub provider: bool,
    /// The sweeper runs.
    pub sweeper: bool,
}

impl World {
    /// Runs without faults until all is quiet, then checks what must be true then.
    pub async fn recover(&self, how: Recovery) {
        self.heal();
        self.mend_destinations();
        // Whoever comes back from the dead does so while the event's last look is still to come, and long after
        // others have taken over. Lambda lets nobody stand still for so long.
        if !lock(&self.zombies).is_empty() {
            let until = self.state().now().plus(self.longest_still);
            self.settle(how, Some(until)).await;
            self.wake_all().await;
        }
        self.settle(how, None).await;
        let mut state = self.state();
        state.look();
        state.end();
    }

    async fn settle(&self, how: Recovery, until: Option<UnixMillis>) {
        for _ in 0..1_000 {
            if !self.advance(how, until).await {
                let now = self.state().now();
                let left = until.map_or(0, |until| until.since(now).0);
                return self.pass(Millis(left.max(0)));
            }
        }
        self.state().violated("L1: it is never quiet");
    }

    /// Goes on to the next thing that is due, if there is one.
    async fn advance(&self, how: Recovery, until: Option<UnixMillis>) -> bool {
        while self.visible() {
            self.consume().await;
        }
        let unheard = lock(&self.unheard).clone();
        if how.provider && !unheard.is_empty() {
            self.pass(Millis::seconds(30));
            for sent in unheard {
                self.deliver(&sent).await;
            }
            return true;
        }
        let (now, message) = {
            let state = self.state();
            (state.now(), state.sqs.next())
        };
        let look = how.sweeper.then(|| self.next_look()).flatten();
        let Some(next) = message.into_iter().chain(look).min() else {
            return false;
        };
        if until.is_some_and(|until| next > until) {
            return false;
        }
        self.pass(Millis(next.since(now).0.max(0)));
        if look == Some(next) {
            self.sweep().await;
        }
        true
    }

    fn visible(&self) -> bool {
        let state = self.state();
        let now = state.now();
        state.sqs.next().is_some_and(|next| next <= now)
    }

    /// When the sweeper next has anything to look at: shortly after an event has come of an age.
    fn next_look(&self) -> Option<UnixMillis> {
        let state = self.state();
        let now = state.now();
        let looks = state.current().flat_map(|event| {
            AGES.into_iter()
                .map(|age| event.received_at.plus(Millis(age.0 + 60_000)))
        });
        looks.filter(|look| *look > now).min()
    }
}
