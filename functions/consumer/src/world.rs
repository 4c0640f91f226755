//! What the consumer asks of the world, as one type.

use protocol::ports::{BodyStore, Claims, Clock, Queue, Receipts, Recorder, StoredBodies};
use webhook::ports::Callbacks;

use crate::{attempt::Attempt, projection::Projection};

/// The world: AWS, or that of the tests.
pub trait World: Send + Sync + 'static {
    /// The ledger.
    fn ledger(&self) -> &(impl Recorder + Claims);
    /// The queue of tickets, for those of a bundle's items.
    fn queue(&self) -> &impl Queue;
    /// The queue and its dead-letter queue.
    fn receipts(&self) -> &impl Receipts;
    /// Bodies that are too large for the ledger.
    fn bodies(&self) -> &(impl BodyStore + StoredBodies);
    /// The addresses at which providers have their questions answered.
    fn callbacks(&self) -> &impl Callbacks;
    /// Time and chance.
    fn clock(&self) -> &impl Clock;
    /// The table that handlers may write to.
    fn projection(&self) -> Projection;
    /// Logs and counts an attempt.
    fn note(&self, attempt: &Attempt);
}
