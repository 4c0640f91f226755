//! Whether a source has gone silent: nothing authentic came for longer than it is said to be quiet.

use protocol::{
    fault::Fault,
    ledger::{EventKey, partition},
    ports::{Backlog, Clock, Index, Position, Queue},
    time::{Millis, UnixMillis},
};

use crate::sweep::{Sweeper, Tally};

impl<I: Index, Q: Queue, B: Backlog, C: Clock> Sweeper<I, Q, B, C> {
    /// Whether a source that is said to speak so often has been silent for longer.
    pub(crate) async fn listen(&self, source: &str, every: Millis, deadline: UnixMillis) -> Tally {
        let mut tally = Tally::default();
        match self.in_time(deadline, self.has_spoken(source, every)).await {
            Ok(spoken) => tally.silent = Some(u64::from(!spoken)),
            Err(fault) => {
                let text = format!("listening to {source}: {}", fault.text);
                tally.faults.push(Fault { text, ..fault });
            }
        }
        tally
    }

    async fn has_spoken(&self, source: &str, every: Millis) -> Result<bool, Fault> {
        let now = self.clock.now();
        // Before all that was received at that moment: no event's id is empty.
        let since = Position {
            received_at: now.plus(Millis(-every.0)),
            key: EventKey::new(source, ""),
        };
        for shard in 0..self.settings.shards {
            let partition = partition(source, shard);
            let page = self.index.page(&partition, Some(&since), now, 1).await?;
            if !page.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
