//! What the consumer asks of the world, as one type.

use catalogue::Configuration;
use landfall_aws::{
    bodies, callbacks,
    clients::{Clients, SdkConfig},
    clock::SystemClock,
    config::ConsumerConfig,
    destinations, gates, ledger, marks,
    metrics::By,
    opening,
    projection::ProjectionTable,
    queue,
};
use protocol::ports::{
    BodyStore, Claims, Clock, Destinations, Gates, Marks, Queue, Receipts, Recorder, StoredBodies,
};
use webhook::ports::{Callbacks, Opening};

use crate::{
    gate::Turned,
    line::{BatchLine, TicketLine},
    projection::Projection,
};

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
    /// The private keys that open what providers encrypt.
    fn opening(&self) -> &impl Opening;
    /// Where routes lead that lead out of Landfall.
    fn destinations(&self) -> &impl Destinations;
    /// How the destinations fare.
    fn gates(&self) -> &impl Gates;
    /// How new the states are that routes have passed on.
    fn marks(&self) -> &impl Marks;
    /// Time and chance.
    fn clock(&self) -> &impl Clock;
    /// The table that handlers may write to.
    fn projection(&self) -> Projection;
    /// Logs and counts an attempt of a batch.
    fn note(&self, attempt: &TicketLine, batch: &BatchLine);
    /// Counts what the attempts of a batch have left to it.
    fn sum(&self, batch: &BatchLine);
    /// Logs and counts that a destination has opened or closed.
    fn turned(&self, destination: &str, turned: Turned);
}

/// AWS.
pub struct Aws {
    stack: String,
    metrics: By,
    ledger: ledger::Ledger,
    queue: queue::Queue,
    receipts: queue::Receipts,
    bodies: bodies::Bodies,
    callbacks: callbacks::Callbacks,
    opening: opening::Opening,
    destinations: destinations::Destinations,
    gates: gates::Gates,
    marks: marks::Marks,
    projection: Projection,
}

impl Aws {
    /// The services that these settings name, and the destinations of this configuration, with clients of their own.
    #[must_use]
    pub fn new(
        clients: &Clients,
        aws: &SdkConfig,
        config: &ConsumerConfig,
        configuration: &'static Configuration,
    ) -> Self {
        let dynamodb = || clients.dynamodb.clone();
        let to = &configuration.destinations;
        Self {
            stack: config.stack.clone(),
            metrics: config.metrics,
            ledger: ledger::Ledger::new(dynamodb(), &config.table, config.shards),
            queue: queue::Queue::new(clients.sqs.clone(), &config.queue_url),
            receipts: queue::Receipts::new(clients.sqs.clone(), &config.queue_url, &config.dlq_url),
            bodies: bodies::Bodies::new(clients.s3.clone(), &config.bucket),
            callbacks: callbacks::Callbacks::default(),
            opening: opening::Opening::new(
                &clients.secrets,
                &configuration.sources,
                &config.destination_secret_id,
                config.secret_ttl,
            ),
            destinations: destinations::Destinations::new(
                to,
                aws,
                &config.destination_secret_id,
                config.secret_ttl,
            ),
            gates: gates::Gates::new(dynamodb(), &config.table, config.shards),
            marks: marks::Marks::new(dynamodb(), &config.table),
            projection: Projection::new(ProjectionTable::new(dynamodb(), &config.projection_table)),
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

    fn opening(&self) -> &impl Opening {
        &self.opening
    }

    fn destinations(&self) -> &impl Destinations {
        &self.destinations
    }

    fn gates(&self) -> &impl Gates {
        &self.gates
    }

    fn marks(&self) -> &impl Marks {
        &self.marks
    }

    fn clock(&self) -> &impl Clock {
        &SystemClock
    }

    fn projection(&self) -> Projection {
        self.projection.clone()
    }

    fn note(&self, attempt: &TicketLine, batch: &BatchLine) {
        let line = attempt.line(&self.stack, SystemClock.now());
        batch.take(line, self.metrics).print(self.metrics);
    }

    fn sum(&self, batch: &BatchLine) {
        if let Some(line) = batch.line(&self.stack, SystemClock.now()) {
            line.print(self.metrics);
        }
    }

    fn turned(&self, destination: &str, turned: Turned) {
        turned
            .line(destination, &self.stack, SystemClock.now())
            .print(self.metrics);
    }
}
