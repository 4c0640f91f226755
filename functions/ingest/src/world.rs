//! What ingest asks of the world, as one type.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use catalogue::Sources;
use landfall_aws::{
    bodies,
    clients::Clients,
    clock::SystemClock,
    config::IngestConfig,
    enrolment, front,
    keyring::Keyring,
    ledger,
    metrics::{By, Line},
    quarantine, queue,
};
use protocol::ports::{BodyStore, Clock, Queue, Recorder};
use webhook::ports::{Enrolments, Front, Quarantine, Secrets};

use crate::{flood::Flood, note};

/// How long a process readies itself before its first delivery: half of what Lambda lets it, 10 s
/// (<https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>).
const STARTING: Duration = Duration::from_secs(5);

/// The world: AWS, or that of the tests.
pub trait World: Send + Sync {
    /// The ledger, for events to be recorded in.
    fn ledger(&self) -> &impl Recorder;
    /// The queue of tickets.
    fn queue(&self) -> &impl Queue;
    /// Bodies that are too large for the ledger.
    fn bodies(&self) -> &impl BodyStore;
    /// The sources' keys.
    fn secrets(&self) -> &impl Secrets;
    /// Secrets that wait for the operator.
    fn enrolments(&self) -> &impl Enrolments;
    /// Refused deliveries that are kept for the operator.
    fn quarantine(&self) -> &impl Quarantine;
    /// What the front proves itself by, where one stands before the stack's own address.
    fn front(&self) -> Option<&impl Front> {
        None::<&front::Front>
    }
    /// Time and chance.
    fn clock(&self) -> &impl Clock;
    /// The line of a refusal, where it is to be written: of a flood not each is.
    fn thinned(&self, line: Line) -> Option<Line> {
        Some(line)
    }
    /// Logs and counts a delivery.
    fn note(&self, line: Line);
}

/// AWS.
pub struct Aws {
    ledger: ledger::Ledger,
    queue: queue::Queue,
    bodies: bodies::Bodies,
    keyring: Keyring,
    enrolments: enrolment::Enrolments,
    quarantine: quarantine::Quarantine,
    metrics: By,
    flood: Mutex<Flood>,
    front: Option<front::Front>,
}

/// AWS for one invocation, whose trace its ticket carries on.
pub struct Traced<'a> {
    aws: &'a Aws,
    queue: queue::Queue,
    /// As Lambda gives it.
    trace: Option<&'a str>,
}

impl Aws {
    /// The services that this configuration names.
    #[must_use]
    pub fn new(clients: &Clients, config: &IngestConfig, sources: &'static Sources) -> Self {
        let (ttl, secret) = (config.secret_ttl, &config.secret_id);
        Self {
            ledger: ledger::Ledger::new(clients.dynamodb.clone(), &config.table, config.shards),
            queue: queue::Queue::new(clients.sqs.clone(), &config.queue_url),
            bodies: bodies::Bodies::new(clients.s3.clone(), &config.bucket),
            keyring: Keyring::new(clients.secrets.clone(), sources, secret, ttl)
                .remembering(clients.dynamodb.clone(), &config.table),
            enrolments: enrolment::Enrolments::new(
                clients.dynamodb.clone(),
                &config.enrolment_table,
            ),
            quarantine: quarantine::Quarantine::new(
                clients,
                &config.enrolment_table,
                &config.bucket,
            ),
            metrics: config.metrics,
            flood: Mutex::default(),
            front: (config.front_secret_id.as_ref())
                .map(|secret| front::Front::new(clients.secrets.clone(), secret, ttl)),
        }
    }

    /// Does while Lambda starts the process what the first delivery would wait for. The connections to
    /// the queue and the bucket stay unopened: ingest may ask nothing of them that does no harm. What isn't
    /// done in time, the deliveries that need it ask for again, each within its own budget.
    pub async fn warm_up(&self) {
        let now = SystemClock.now();
        let front = async {
            if let Some(front) = &self.front {
                front.load(now).await;
            }
        };
        let all = async { tokio::join!(self.keyring.load(now), self.ledger.warm_up(), front) };
        let _ = tokio::time::timeout(STARTING, Box::pin(all)).await;
    }

    /// The same services for one invocation, whose trace its ticket carries on.
    #[must_use]
    pub fn traced<'a>(&'a self, trace: Option<&'a str>) -> Traced<'a> {
        Traced {
            aws: self,
            queue: self.queue.traced(trace),
            trace,
        }
    }
}

impl World for Traced<'_> {
    fn ledger(&self) -> &impl Recorder {
        &self.aws.ledger
    }

    fn queue(&self) -> &impl Queue {
        &self.queue
    }

    fn bodies(&self) -> &impl BodyStore {
        &self.aws.bodies
    }

    fn secrets(&self) -> &impl Secrets {
        &self.aws.keyring
    }

    fn enrolments(&self) -> &impl Enrolments {
        &self.aws.enrolments
    }

    fn quarantine(&self) -> &impl Quarantine {
        &self.aws.quarantine
    }

    fn front(&self) -> Option<&impl Front> {
        self.aws.front.as_ref()
    }

    fn clock(&self) -> &impl Clock {
        &SystemClock
    }

    fn thinned(&self, line: Line) -> Option<Line> {
        // Whatever panicked left whole counts behind.
        let mut flood = self
            .aws
            .flood
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        flood.thinned(line)
    }

    fn note(&self, line: Line) {
        note::traced(line, self.trace).print(self.aws.metrics);
    }
}
