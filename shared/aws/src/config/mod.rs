//! Each function's configuration: what its stack tells it by names and texts, which the template sets as
//! environment variables, and the file that travels in its package. Whatever is wrong with one of them is
//! said at once.

mod file;
#[cfg(test)]
mod template;

use catalogue::Environment;
use protocol::{decide::limits::Limits, ledger::MOST_SHARDS, time::Millis};
use serde_json::{Map, Value};

use crate::metrics::By;

pub use self::file::{FILE_VARIABLE, Loaded, NAME, Unusable, digest};

/// The one door to the environment's variables.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one door")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What ingest is told by its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IngestConfig {
    /// Which of a source's settings apply.
    pub environment: Environment,
    /// The stack's name.
    pub stack: String,
    /// What its metrics are told apart by.
    pub metrics: By,
    /// The ledger's table.
    pub table: String,
    /// The queue of tickets.
    pub queue_url: String,
    /// The bucket of large bodies.
    pub bucket: String,
    /// The table of secrets that wait for the operator.
    pub enrolment_table: String,
    /// The stack's secret, by name or ARN.
    pub secret_id: String,
    /// After how long a secret is read again.
    pub secret_ttl: Millis,
    /// Bodies that take more bytes than this in the ledger go to the bucket.
    pub inline_body_bytes: usize,
    /// Over how many partitions of the index by time events are spread.
    pub shards: u32,
    /// The secret by which the front is known, where one stands before the stack's own address.
    pub front_secret_id: Option<String>,
}

/// What the consumer is told by its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerConfig {
    /// Which of a source's settings apply.
    pub environment: Environment,
    /// The stack's name.
    pub stack: String,
    /// What its metrics are told apart by.
    pub metrics: By,
    /// The ledger's table.
    pub table: String,
    /// The queue of tickets.
    pub queue_url: String,
    /// The dead-letter queue.
    pub dlq_url: String,
    /// The bucket of large bodies.
    pub bucket: String,
    /// The table that handlers write to by `context.projection`.
    pub projection_table: String,
    /// The secret that holds the destinations' secrets.
    pub destination_secret_id: String,
    /// For how long secrets are remembered.
    pub secret_ttl: Millis,
    /// What the handlers are told: names and values of their own.
    pub handler_settings: Map<String, Value>,
    /// How often and how soon an event is tried again.
    pub limits: Limits,
    /// How many records of a batch are worked on at once.
    pub concurrency: usize,
    /// Bodies that take more bytes than this in the ledger go to the bucket.
    pub inline_body_bytes: usize,
    /// Over how many partitions of the index by time events are spread.
    pub shards: u32,
}

/// What the sweeper is told by its stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweeperConfig {
    /// Which of a source's settings apply.
    pub environment: Environment,
    /// The stack's name.
    pub stack: String,
    /// What its metrics are told apart by.
    pub metrics: By,
    /// The ledger's table.
    pub table: String,
    /// The table's index by time.
    pub index: String,
    /// The queue of tickets.
    pub queue_url: String,
    /// Over how many partitions of the index by time events are spread.
    pub shards: u32,
    /// For how long the queue hides a ticket that was received.
    pub visibility_timeout: Millis,
    /// The ages at which an event is looked at, rising.
    pub ages: Vec<Millis>,
}

impl IngestConfig {
    /// Reads the configuration, or says everything that is wrong with it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut read = Reader::new(lookup);
        let config = Self {
            environment: read.environment(),
            stack: read.text("LANDFALL_STACK"),
            metrics: read.by("LANDFALL_SOURCE_METRICS"),
            table: read.text("LANDFALL_TABLE"),
            queue_url: read.text("LANDFALL_QUEUE_URL"),
            bucket: read.text("LANDFALL_BUCKET"),
            enrolment_table: read.text("LANDFALL_ENROLMENT_TABLE"),
            secret_id: read.text("LANDFALL_SECRET_ID"),
            secret_ttl: read.seconds("LANDFALL_SECRET_TTL_SECONDS", 1..=86_400),
            inline_body_bytes: read.number("LANDFALL_INLINE_BODY_BYTES", 0..=358_400),
            shards: read.number("LANDFALL_SHARDS", 1..=MOST_SHARDS),
            front_secret_id: read.text_if_set("LANDFALL_FRONT_SECRET_ID"),
        };
        read.finish(config)
    }
}

impl ConsumerConfig {
    /// Reads the configuration, or says everything that is wrong with it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut read = Reader::new(lookup);
        let config = Self {
            environment: read.environment(),
            stack: read.text("LANDFALL_STACK"),
            metrics: read.by("LANDFALL_SOURCE_METRICS"),
            table: read.text("LANDFALL_TABLE"),
            queue_url: read.text("LANDFALL_QUEUE_URL"),
            dlq_url: read.text("LANDFALL_DLQ_URL"),
            bucket: read.text("LANDFALL_BUCKET"),
            projection_table: read.text("LANDFALL_PROJECTION_TABLE"),
            destination_secret_id: read.text("LANDFALL_DESTINATION_SECRET_ID"),
            secret_ttl: read.seconds("LANDFALL_SECRET_TTL_SECONDS", 1..=86_400),
            handler_settings: read.object("LANDFALL_HANDLER_SETTINGS"),
            limits: Limits {
                age: Limits::AGE,
                reopens: Limits::REOPENS,
                reopen_after: Limits::REOPEN_AFTER,
                tries: read.number("LANDFALL_TRIES", 1..=50),
                // SQS hides a message for 12 hours at most; half of that leaves room for jitter.
                backoff_base: read.seconds("LANDFALL_BACKOFF_BASE_SECONDS", 1..=21_600),
                backoff_max: read.seconds("LANDFALL_BACKOFF_MAX_SECONDS", 1..=21_600),
            },
            concurrency: read.number("LANDFALL_CONCURRENCY", 1..=10),
            inline_body_bytes: read.number("LANDFALL_INLINE_BODY_BYTES", 0..=358_400),
            shards: read.number("LANDFALL_SHARDS", 1..=MOST_SHARDS),
        };
        read.rule(
            config.limits.backoff_base <= config.limits.backoff_max,
            "LANDFALL_BACKOFF_MAX_SECONDS is less than LANDFALL_BACKOFF_BASE_SECONDS",
        );
        read.finish(config)
    }
}

impl SweeperConfig {
    /// Reads the configuration, or says everything that is wrong with it.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<String>> {
        let mut read = Reader::new(lookup);
        let config = Self {
            environment: read.environment(),
            stack: read.text("LANDFALL_STACK"),
            metrics: read.by("LANDFALL_SOURCE_METRICS"),
            table: read.text("LANDFALL_TABLE"),
            index: read.text("LANDFALL_INDEX"),
            queue_url: read.text("LANDFALL_QUEUE_URL"),
            shards: read.number("LANDFALL_SHARDS", 1..=MOST_SHARDS),
            visibility_timeout: read.seconds("LANDFALL_VISIBILITY_TIMEOUT_SECONDS", 1..=43_200),
            ages: read.ages("LANDFALL_SWEEP_AGES_SECONDS"),
        };
        read.rule(
            (config.ages.last()).is_none_or(|last| *last > config.visibility_timeout),
            "the last of LANDFALL_SWEEP_AGES_SECONDS is not greater than LANDFALL_VISIBILITY_TIMEOUT_SECONDS",
        );
        read.finish(config)
    }
}

/// Looks names up and gathers faults. A value at fault is read as a stand-in that nobody sees, for
/// [`finish`](Reader::finish) then withholds the whole.
struct Reader<L> {
    lookup: L,
    faults: Vec<String>,
}

impl<L: Fn(&str) -> Option<String>> Reader<L> {
    const fn new(lookup: L) -> Self {
        Self {
            lookup,
            faults: Vec::new(),
        }
    }

    fn finish<T>(self, config: T) -> Result<T, Vec<String>> {
        if self.faults.is_empty() {
            Ok(config)
        } else {
            Err(self.faults)
        }
    }

    /// What several values must say together. Said of values that are well by themselves.
    fn rule(&mut self, holds: bool, fault: &str) {
        if !holds && self.faults.is_empty() {
            self.faults.push(fault.to_owned());
        }
    }

    fn text(&mut self, name: &str) -> String {
        let text = (self.lookup)(name).unwrap_or_default();
        if text.trim().is_empty() {
            self.faults.push(format!("{name} is not set"));
        }
        text
    }

    /// A name that only some stacks have.
    fn text_if_set(&self, name: &str) -> Option<String> {
        (self.lookup)(name).filter(|text| !text.trim().is_empty())
    }

    fn environment(&mut self) -> Environment {
        const NAME: &str = "LANDFALL_ENVIRONMENT";
        let text = self.text(NAME);
        Environment::named(&text).unwrap_or_else(|| {
            self.fault(NAME, &text, "local, test or live");
            Environment::Local
        })
    }

    fn by(&mut self, name: &str) -> By {
        let text = self.text(name);
        match text.as_str() {
            "true" => By::Source,
            "false" => By::Stack,
            _ => {
                self.fault(name, &text, "true or false");
                By::Stack
            }
        }
    }

    fn number<N>(&mut self, name: &str, range: std::ops::RangeInclusive<N>) -> N
    where
        N: std::str::FromStr + PartialOrd + Copy + std::fmt::Display,
    {
        let text = self.text(name);
        match text.parse() {
            Ok(number) if range.contains(&number) => number,
            _ => {
                let wanted = format!("a whole number from {} to {}", range.start(), range.end());
                self.fault(name, &text, &wanted);
                *range.start()
            }
        }
    }

    fn seconds(&mut self, name: &str, range: std::ops::RangeInclusive<i64>) -> Millis {
        Millis::seconds(self.number(name, range))
    }

    fn ages(&mut self, name: &str) -> Vec<Millis> {
        let text = self.text(name);
        let ages: Option<Vec<u32>> = text.split(',').map(|age| age.trim().parse().ok()).collect();
        match ages {
            Some(ages) if ages[0] > 0 && ages.is_sorted_by(|a, b| a < b) => ages
                .into_iter()
                .map(|age| Millis::seconds(i64::from(age)))
                .collect(),
            _ => {
                self.fault(
                    name,
                    &text,
                    "rising numbers of seconds, separated by commas",
                );
                Vec::new()
            }
        }
    }

    fn object(&mut self, name: &str) -> Map<String, Value> {
        let text = self.text(name);
        serde_json::from_str(&text).unwrap_or_else(|_| {
            self.fault(name, &text, "a JSON object");
            Map::new()
        })
    }

    fn fault(&mut self, name: &str, text: &str, wanted: &str) {
        // An absent one has been named already.
        if !text.trim().is_empty() {
            self.faults
                .push(format!("{name} is `{text}`, not {wanted}"));
        }
    }
}

#[cfg(test)]
mod tests;
