//! What the consumer asks of the world, as one type.

use landfall_aws::{
    bodies, callbacks, clients::Clients, clock::SystemClock, config::ConsumerConfig, ledger,
    projection::ProjectionTable, queue,
};
use protocol::ports::{BodyStore, Claims, Clock, Queue, Receipts, Recorder, StoredBodies};
use webhook::ports::Callbacks;

use crate::{line::TicketLine, projection::Projection};

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
    fn note(&self, attempt: &TicketLine);
}

/// AWS.
pub struct Aws {
    stack: String,
    ledger: ledger::Ledger,
    queue: queue::Queue,
    receipts: queue::Receipts,
    bodies: bodies::Bodies,
    callbacks: callbacks::Callbacks,
    projection: Projection,
}

impl Aws {
    /// The services that this configuration names.
    #[must_use]
    pub fn new(clients: Clients, config: &ConsumerConfig) -> Self {
        Self {
            stack: config.stack.clone(),
            ledger: ledger::Ledger::new(clients.dynamodb.clone(), &config.table, config.shards),
            queue: queue::Queue::new(clients.sqs.clone(), &config.queue_url),
            receipts: queue::Receipts::new(clients.sqs, &config.queue_url, &config.dlq_url),
            bodies: bodies::Bodies::new(clients.s3, &config.bucket),
            callbacks: callbacks::Callbacks::default(),
            projection: Projection::new(ProjectionTable::new(
                clients.dynamodb,
                &config.projection_table,
            )),
        }
    }
}

impl World for Aws {
    fn ledger(&self) -> &(impl Recorder + Claims) {
        &self.ledger
    }

    fn queue(&self) -> &impl Queue {
        &self.queue
    }

    fn receipts(&self) -> &impl Receipts {
        &self.receipts
    }

    fn bodies(&self) -> &(impl BodyStore + StoredBodies) {
        &self.bodies
    }

    fn callbacks(&self) -> &impl Callbacks {
        &self.callbacks
    }

    fn clock(&self) -> &impl Clock {
        &SystemClock
    }

    fn projection(&self) -> Projection {
        self.projection.clone()
    }

    fn note(&self, attempt: &TicketLine) {
        attempt.line(&self.stack, SystemClock.now()).print();
    }
}
