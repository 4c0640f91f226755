//! A batch: its records worked on side by side, each in a task of its own, none able to harm another.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use protocol::{
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use tokio::task::JoinSet;

use crate::{
    consumer::{Consumer, Turn},
    line::{BatchLine, TicketLine, TicketOutcome},
    sqs::{Batch, Failed, Record, Response},
    work::{Fate, TicketWork},
    world::World,
};

/// A batch that must not be answered: a record has no id by which it could be left in the queue, and
/// an answer would delete it. Failing the invocation leaves the whole batch there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a record has no messageId, so no answer could leave it in the queue")]
pub struct Unanswerable;

/// A batch that is being worked on.
struct UnderWay {
    records: Vec<Record>,
    line: BatchLine,
    deadline: UnixMillis,
}

impl<W: World> Consumer<W> {
    /// Works on a batch until `deadline`, when the platform ends the invocation.
    pub async fn work_on(
        self: &Arc<Self>,
        batch: Batch,
        deadline: UnixMillis,
    ) -> Result<Response, Unanswerable> {
        if batch
            .records
            .iter()
            .any(|record| record.message_id.is_empty())
        {
            return Err(Unanswerable);
        }
        let many = batch.records.len();
        let batch = Arc::new(UnderWay {
            line: BatchLine::of(many),
            records: batch.records,
            deadline,
        });
        // Whatever nobody says is done stays in the queue.
        let mut fates = vec![Fate::Keep; many];

        let all = (0..many).collect();
        let concurrency = self.settings.concurrency;
        self.work_on_each(&batch, all, Turn::First, concurrency, &mut fates)
            .await;
        let alone = (0..many)
            .filter(|at| fates[*at] == Fate::RunAlone)
            .collect();
        self.work_on_each(&batch, alone, Turn::RunAlone, 1, &mut fates)
            .await;
        self.world.sum(&batch.line);

        let kept = batch.records.iter().zip(fates);
        Ok(Response {
            batch_item_failures: kept
                .filter(|(_, fate)| *fate != Fate::Delete)
                .map(|(record, _)| Failed {
                    item_identifier: record.message_id.clone(),
                })
                .collect(),
        })
    }

    /// Works on these of the records, at most `concurrency` of them at once.
    async fn work_on_each(
        self: &Arc<Self>,
        batch: &Arc<UnderWay>,
        mut waiting: VecDeque<usize>,
        turn: Turn,
        concurrency: usize,
        fates: &mut [Fate],
    ) {
        let mut tasks = JoinSet::new();
        let mut under_way = BTreeMap::new();
        loop {
            while tasks.len() < concurrency.max(1)
                && self.left(batch.deadline, self.settings.to_start) > Duration::ZERO
            {
                let Some(at) = waiting.pop_front() else {
                    break;
                };
                let (consumer, batch) = (Arc::clone(self), Arc::clone(batch));
                let task = tasks.spawn(async move {
                    let (record, line) = (&batch.records[at], &batch.line);
                    let work = TicketWork::new(&consumer, record, batch.deadline, line);
                    work.work_on(turn).await
                });
                under_way.insert(task.id(), at);
            }
            let answer = self.left(batch.deadline, self.settings.to_answer);
            match tokio::time::timeout(answer, tasks.join_next_with_id()).await {
                Ok(Some(Ok((task, fate)))) => {
                    if let Some(at) = under_way.remove(&task) {
                        fates[at] = fate;
                    }
                }
                // A task that panicked has said nothing of its record.
                Ok(Some(Err(_))) => {}
                // All done, or no time for more.
                Ok(None) | Err(_) => break,
            }
        }
        // What is still under way ends here, lest it go on beside the next batch.
        tasks.shutdown().await;
        for at in under_way.into_values() {
            self.keep(batch, at, TicketOutcome::Unavailable, "no_answer");
        }
        for at in waiting {
            self.keep(batch, at, TicketOutcome::PutBack, "no_time");
        }
    }

    /// Logs that a record stays in the queue unfinished.
    fn keep(&self, batch: &UnderWay, at: usize, outcome: TicketOutcome, reason: &'static str) {
        let line = TicketLine {
            message_id: batch.records[at].message_id.clone(),
            outcome,
            reason: Some(reason),
            ..TicketLine::default()
        };
        self.world.note(&line, &batch.line);
    }

    /// How long until `margin` before the deadline.
    fn left(&self, deadline: UnixMillis, margin: Millis) -> Duration {
        let left = deadline
            .since(self.world.clock().now())
            .0
            .saturating_sub(margin.0);
        Duration::from_millis(u64::try_from(left).unwrap_or(0))
    }
}
