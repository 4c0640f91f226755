//! Looks at the events of a page, and sends tickets for those that are overdue.
//!
//! What a work says is read at half the price at first, by a read that may show an older state. What it shows finished was
//! finished, and what else it shows is read once more, strongly consistent, before anything follows from it. A look that only
//! makes up for the one before reads nothing where that one has seen all finished.

use futures_util::stream::{self, StreamExt as _};
use protocol::{
    decide::sweeper::{Look, Looking, look, saw_finished},
    fault::Fault,
    ledger::Life,
    ports::{Backlog, Clock, Cursor, Index, MOST_TOGETHER, Position, Queue, Reads},
    ticket::{Ticket, Why},
    time::UnixMillis,
};

use crate::sweep::{Stretch, Sweep, Sweeper, Swept};

/// How many calls send a page's tickets at the same time.
const SENDS: usize = 10;

impl<I: Index, Q: Queue, B: Backlog, C: Clock> Sweeper<I, Q, B, C> {
    /// Looks at each event and sends a ticket for those that are overdue. What comes back is
    /// what the cursor may pass: everything before the first ticket that is not known to be sent.
    pub(crate) async fn look_at(
        &self,
        page: &[Position],
        stretch: &Stretch,
        before: Option<&Cursor>,
        sweep: &Sweep,
        swept: &mut Swept,
    ) -> Result<(Vec<(Position, Look)>, Option<Fault>), Fault> {
        let mut looking = Looking {
            now: self.clock.now(),
            grace: self.settings.grace,
            last: stretch.last,
            backlog: None,
        };
        let looks = if nothing_is_left(before, page) {
            vec![Look::Finished; page.len()]
        } else {
            self.looks(page, &mut looking, sweep).await?
        };
        let looks: Vec<(Position, Look)> = page.iter().cloned().zip(looks).collect();
        let overdue: Vec<usize> = (0..looks.len())
            .filter(|at| looks[*at].1 == Look::Overdue)
            .collect();
        let ticket = |at: &usize| {
            let event = &looks[*at].0;
            let life = Life(event.received_at);
            Ticket::new(event.key.clone(), life, Why::Sweep, looking.now)
        };
        let mut sends = stream::iter(overdue.chunks(MOST_TOGETHER))
            .map(|together| {
                let tickets: Vec<Ticket> = together.iter().map(ticket).collect();
                async move { (together, self.queue.send_together(&tickets).await) }
            })
            .buffered(SENDS);
        let mut failed = None;
        while let Some((together, sent)) = sends.next().await {
            let unsent = sent.err();
            let sent = unsent
                .as_ref()
                .map_or(together.len(), |unsent| unsent.first);
            for at in &together[..sent] {
                swept.of(&looks[*at].0).found += 1;
            }
            if let Some(unsent) = unsent {
                // The cursor stays before this one, so those after it can wait.
                failed = Some((together[sent], unsent.fault));
                break;
            }
        }
        drop(sends);
        Ok(match failed {
            None => (looks, None),
            Some((at, fault)) => (looks.into_iter().take(at).collect(), Some(fault)),
        })
    }

    /// What these events look like, in their order.
    async fn looks(
        &self,
        page: &[Position],
        looking: &mut Looking,
        sweep: &Sweep,
    ) -> Result<Vec<Look>, Fault> {
        let all: Vec<&Position> = page.iter().collect();
        let mut looks = self.read(&all, looking, Reads::Eventually).await?;
        let again: Vec<usize> = (0..page.len())
            .filter(|at| looks[*at] != Look::Finished)
            .collect();
        if again.is_empty() {
            return Ok(looks);
        }
        let unfinished: Vec<&Position> = again.iter().map(|at| &page[*at]).collect();
        if !looking.last && looks.contains(&Look::Overdue) {
            looking.backlog = self.oldest_ticket(sweep).await;
        }
        let sure = self.read(&unfinished, looking, Reads::Strongly).await?;
        for (at, look) in again.into_iter().zip(sure) {
            looks[at] = look;
        }
        Ok(looks)
    }

    async fn read(
        &self,
        events: &[&Position],
        looking: &Looking,
        reads: Reads,
    ) -> Result<Vec<Look>, Fault> {
        let keys: Vec<_> = events.iter().map(|event| event.key.clone()).collect();
        let works = self.index.read_works(&keys, reads).await?;
        let looks = events.iter().map(|event| {
            let work = works.get(&event.key);
            look(work, Life(event.received_at), looking)
        });
        Ok(looks.collect())
    }

    /// Since when tickets wait in the queue, if that is known.
    async fn oldest_ticket(&self, sweep: &Sweep) -> Option<UnixMillis> {
        let ask = || self.backlog.oldest_ticket(self.clock.now());
        let asked = sweep.backlog.get_or_init(ask).await;
        asked.as_ref().ok().copied().flatten()
    }
}

/// Whether the look before has seen all of this page finished. A page is in the order of time.
fn nothing_is_left(before: Option<&Cursor>, page: &[Position]) -> bool {
    let (Some(before), Some(oldest), Some(youngest)) = (before, page.first(), page.last()) else {
        return false;
    };
    saw_finished(before, oldest.received_at, youngest.received_at)
}
