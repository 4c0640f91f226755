//! Taking a delivery of several events apart: each is written like any event, and gets a ticket.
//!
//! What to do with an item is decided in [`protocol::decide::split`]. The delivery itself is finished by the
//! holder of its claim, when nothing is left to do here; after a crash the next holder begins again, and finds
//! what was done. Two holders at once do no harm: the ledger takes each item once.

use bytes::Bytes;
use catalogue::Source;
use futures_util::{StreamExt as _, stream};
use protocol::{
    decide::split::{Step, after_put, after_read},
    fault::Fault,
    ledger::{Body, EventRecord},
    ports::{BodyStore as _, Clock as _, Put, Queue as _, Recorder as _},
    ticket::{Ask, Ticket, Why},
};
use webhook::event::bundle::Item;

use crate::{line::Tally, world::World};

/// How many items are written at once.
const AT_ONCE: usize = 16;

/// A delivery that is being taken apart.
pub(crate) struct Split<'a, W> {
    pub(crate) world: &'a W,
    pub(crate) source: &'a Source,
    pub(crate) delivery: &'a EventRecord,
    /// The number of the delivery's last replay.
    pub(crate) epoch: u64,
    pub(crate) inline_body_bytes: usize,
}

impl<W: World> Split<'_, W> {
    /// Writes the items and sends their tickets; stops at the first call that fails.
    pub(crate) async fn write(&self, items: &[Item<'_>], tally: &mut Tally) -> Result<(), Fault> {
        let each = (0..items.len()).map(|at| self.write_one(&items[at]));
        let mut under_way = stream::iter(each).buffer_unordered(AT_ONCE);
        while let Some(written) = under_way.next().await {
            let (record, put) = written?;
            match put {
                Put::Stored => tally.written += 1,
                Put::Exists(existing) if existing.body_digest != record.body_digest => {
                    tally.conflicts += 1;
                }
                Put::Exists(_) => {}
            }
        }
        Ok(())
    }

    /// What this delivery asks of an item that failed is one ask, however often the delivery is taken apart.
    fn ask(&self, why: Why) -> Option<Ask> {
        let name = format!("{}@{}", self.delivery.delivery_id, self.epoch);
        matches!(why, Why::Reopen | Why::Redrive).then(|| Ask::named(&name))
    }

    async fn write_one(&self, item: &Item<'_>) -> Result<(EventRecord, Put), Fault> {
        let (source, delivery) = (self.source, self.delivery);
        let now = self.world.clock().now();
        let record = item.record(source, delivery, now, self.inline_body_bytes);
        if let Body::Object { key, .. } = &record.body {
            // First, so that no event is without its body.
            let (bodies, body) = (self.world.bodies(), Bytes::copy_from_slice(item.body()));
            bodies.put_body(key, body, &record.body_digest).await?;
        }
        let put = self.world.ledger().put_event(&record, now).await?;
        let mut step = after_put(&put, &delivery.delivery_id, record.life(), self.epoch);
        loop {
            step = match step {
                Step::Leave => break,
                Step::Send { life, why } => {
                    let ticket = Ticket {
                        ask: self.ask(why),
                        ..Ticket::new(record.key.clone(), life, why, now)
                    };
                    self.world.queue().send(&ticket).await?;
                    break;
                }
                Step::ReadWork { life, found } => {
                    let work = self.world.ledger().read_work(&record.key).await?;
                    after_read(work.as_ref(), life, found)
                }
            };
        }
        Ok((record, put))
    }
}
