//! The metrics, every name of them, and the log line that carries them.
//!
//! CloudWatch reads metrics out of log lines in its embedded metric format (EMF), so one JSON object
//! a delivery, batch or sweep is both. Whatever a line says of a request must have been verified
//! before, save the source's name, reason, sizes, digests, time and address.

use std::{borrow::Cow, io::Write as _, net::IpAddr};

use protocol::time::{Millis, UnixMillis};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Landfall";

/// The field that names a source.
const SOURCE: &str = "source";

/// The field that names a version of the function.
const VERSION: &str = "version";

/// The longest text of a field, in bytes. An event's id may be of any length.
const LONGEST_TEXT: usize = 1_024;

macro_rules! metrics {
    ($($(#[$doc:meta])* $metric:ident = $name:literal, $unit:literal;)*) => {
        /// A metric.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Metric {
            $($(#[$doc])* $metric,)*
        }

        impl Metric {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$metric,)*];

            /// Its name.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$metric => $name,)*
                }
            }

            /// Its unit, as CloudWatch has it.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self {
                    $(Self::$metric => $unit,)*
                }
            }
        }
    };
}

metrics! {
    /// Events recorded.
    DeliveriesAccepted = "deliveries.accepted", "Count";
    /// Deliveries of events that were recorded before.
    DeliveriesDuplicate = "deliveries.duplicate", "Count";
    /// Redeliveries that opened a failed event again.
    DeliveriesReopened = "deliveries.reopened", "Count";
    /// Deliveries answered 4xx, the forged ones included.
    DeliveriesRefused = "deliveries.refused", "Count";
    /// Deliveries whose signatures no secret explains.
    DeliveriesForged = "deliveries.forged", "Count";
    /// Deliveries answered 503, authentic or not.
    DeliveriesUnavailable = "deliveries.unavailable", "Count";
    /// Authentic deliveries answered 503: proven, and not recorded or not reopened.
    DeliveriesUnrecorded = "deliveries.unrecorded", "Count";
    /// Events recorded whose ticket is left to the sweeper.
    EnqueueDeferred = "enqueue.deferred", "Count";
    /// From the request to the answer.
    IngestMs = "ingest.ms", "Milliseconds";
    /// Redeliveries, and items of later deliveries, whose body differs from the one recorded.
    BodyConflict = "body.conflict", "Count";
    /// Legs that succeeded, or were rightly skipped.
    AttemptsSucceeded = "attempts.succeeded", "Count";
    /// Legs to be tried again.
    AttemptsRetried = "attempts.retried", "Count";
    /// Legs that were given up.
    AttemptsFailed = "attempts.failed", "Count";
    /// Legs that were held: by their destination, or because their handler asks to run later.
    AttemptsHeld = "attempts.held", "Count";
    /// Destinations that opened, and trials of open ones that failed.
    DestinationsOpen = "destinations.open", "Count";
    /// Destinations that were reached again.
    DestinationsClosed = "destinations.closed", "Count";
    /// Events that no route matched.
    EventsUnrouted = "events.unrouted", "Count";
    /// The longest run of a ticket's legs.
    AttemptsMs = "attempts.ms", "Milliseconds";
    /// From an event's receipt to the end of its attempt.
    EventsAgeMs = "events.age_ms", "Milliseconds";
    /// Overdue events for which the sweeper sent a ticket.
    SweeperFound = "sweeper.found", "Count";
    /// Events still unfinished when the sweeper looked for the last time.
    SweeperUnfinished = "sweeper.unfinished", "Count";
    /// Sweeps that came to their end: the stack's heartbeat.
    SweeperCompleted = "sweeper.completed", "Count";
    /// Sources that have been silent for longer than they are said to be.
    SourcesSilent = "sources.silent", "Count";
    /// Secrets, and keys at a provider's own address, that couldn't be read or used.
    KeysUnreadable = "keys.unreadable", "Count";
}

/// What metrics are told apart by. One is paid for each name and each value that it is told apart by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// By the stack.
    #[default]
    Stack,
    /// By the stack, and by the source as well where a line is about one.
    Source,
}

/// One log line with its metrics.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a line is written by `print`"]
pub struct Line {
    at: UnixMillis,
    metrics: Vec<Metric>,
    by_version: bool,
    /// In the order in which they came to be known.
    fields: Vec<(Cow<'static, str>, Value)>,
}

impl Line {
    /// A line about a `delivery`, an `attempt`, a `batch` or a `sweep` of this stack.
    pub fn new(message: &'static str, stack: &str, at: UnixMillis) -> Self {
        let line = Self {
            at,
            metrics: Vec::new(),
            by_version: false,
            fields: Vec::with_capacity(16),
        };
        line.text("message", message).text("stack", stack)
    }

    /// Names the source, which may become a dimension: only ever one that is configured.
    pub fn source(self, source: &str) -> Self {
        self.text(SOURCE, source)
    }

    /// Names the function's version, by which its metrics are told apart as well. It is for what never happens while all is
    /// well: each version is paid for as a metric more, for as long as it speaks.
    pub fn version(self, version: &str) -> Self {
        let mut line = self.text(VERSION, version);
        line.by_version = true;
        line
    }

    /// Counts one.
    pub fn count(self, metric: Metric) -> Self {
        self.value(metric, 1)
    }

    /// A length of time.
    pub fn millis(self, metric: Metric, length: Millis) -> Self {
        self.value(metric, length.0)
    }

    /// A metric with this value.
    pub fn value(mut self, metric: Metric, value: i64) -> Self {
        if !self.metrics.contains(&metric) {
            self.metrics.push(metric);
        }
        self.number(metric.name(), value)
    }

    /// A metric with each of these values, of which there are a hundred at most.
    pub fn values(mut self, metric: Metric, values: Vec<i64>) -> Self {
        if let [value] = values[..] {
            return self.value(metric, value);
        }
        if !self.metrics.contains(&metric) {
            self.metrics.push(metric);
        }
        self.with(metric.name().into(), values.into())
    }

    /// What it counts and measures.
    pub fn measured(&self) -> impl Iterator<Item = (Metric, i64)> {
        let metrics = self.metrics.iter();
        metrics.filter_map(|metric| Some((*metric, self.field(metric.name())?.as_i64()?)))
    }

    /// The same line without metrics, whose fields stay.
    pub fn uncounted(mut self) -> Self {
        self.metrics.clear();
        self
    }

    /// Adds to a metric.
    pub fn add(self, metric: Metric, more: i64) -> Self {
        let before = self.field(metric.name()).and_then(Value::as_i64);
        self.value(metric, before.unwrap_or(0) + more)
    }

    /// A field with an address, as serde writes one: in a fifth of the instructions of `to_string`.
    pub fn address(self, name: &'static str, address: IpAddr) -> Self {
        let text = serde_json::to_value(address);
        self.with(name.into(), text.unwrap_or_default())
    }

    /// A field of text. Long ones are cut.
    pub fn text(self, name: impl Into<Cow<'static, str>>, text: &str) -> Self {
        let cut = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        self.with(name.into(), cut.into())
    }

    /// A field of text, where there is one.
    pub fn maybe(self, name: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A field with a number.
    pub fn number(self, name: &'static str, number: impl Into<Value>) -> Self {
        self.with(name.into(), number.into())
    }

    /// A field with parts of its own.
    pub fn parts(self, name: &'static str, parts: Vec<Value>) -> Self {
        self.with(name.into(), parts.into())
    }

    /// A field, in the place of one of the same name.
    fn with(mut self, name: Cow<'static, str>, value: Value) -> Self {
        match self.fields.iter_mut().find(|(found, _)| *found == name) {
            Some((_, before)) => *before = value,
            None => self.fields.push((name, value)),
        }
        self
    }

    fn field(&self, name: &str) -> Option<&Value> {
        let mut fields = self.fields.iter();
        fields.find_map(|(found, value)| (found == name).then_some(value))
    }

    /// When what it tells of came to its end.
    #[must_use]
    pub const fn at(&self) -> UnixMillis {
        self.at
    }

    /// What a field of text says.
    #[must_use]
    pub fn said(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_str()
    }

    /// Whether the line has this field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.field(name).is_some()
    }

    /// The line as one JSON object.
    #[must_use]
    pub const fn json(&self, by: By) -> Json<'_> {
        Json { line: self, by }
    }

    /// Writes the line to standard output. A log that can't be written stops nobody.
    pub fn print(&self, by: By) {
        let Ok(mut line) = serde_json::to_string(&self.json(by)) else {
            return;
        };
        line.push('\n');
        // In one write, lest lines of threads mix.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

/// A line as JSON.
#[derive(Clone, Copy, Debug)]
pub struct Json<'a> {
    line: &'a Line,
    by: By,
}

/// The line, as one JSON object: what CloudWatch is to make of it, then its fields. It is written piece by piece,
/// for every delivery has one: as a tree of values it cost a third of what verifying does.
impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const OF_STACK: &[&str] = &["stack"];
        const OF_SOURCE: &[&str] = &["stack", SOURCE];
        const OF_VERSION: &[&str] = &["stack", VERSION];
        let Line {
            at,
            metrics,
            by_version,
            fields,
        } = self.line;
        let mut line = serializer.serialize_map(None)?;
        if !metrics.is_empty() {
            let metrics = metrics.iter().map(|metric| Definition {
                name: metric.name(),
                unit: metric.unit(),
            });
            let directive = Directive {
                namespace: NAMESPACE,
                dimensions: match (self.by == By::Source && self.line.has(SOURCE), by_version) {
                    (false, false) => &[OF_STACK],
                    (true, false) => &[OF_STACK, OF_SOURCE],
                    (false, true) => &[OF_STACK, OF_VERSION],
                    (true, true) => &[OF_STACK, OF_SOURCE, OF_VERSION],
                },
                metrics: metrics.collect(),
            };
            let metadata = Metadata {
                timestamp: at.0,
                cloud_watch_metrics: [directive],
            };
            line.serialize_entry("_aws", &metadata)?;
        }
        for (name, value) in fields {
            line.serialize_entry(name, value)?;
        }
        line.end()
    }
}

/// What makes a line of another form count one of a metric for this stack.
pub(crate) fn counted(metric: Metric, stack: &str, at: UnixMillis) -> Map<String, Value> {
    let mut line = Line::new("", stack, at).count(metric);
    line.fields.retain(|(name, _)| name != "message");
    match serde_json::to_value(line.json(By::Stack)) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

/// EMF's metadata object.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Metadata {
    timestamp: i64,
    cloud_watch_metrics: [Directive; 1],
}

/// EMF's metric directive.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Directive {
    namespace: &'static str,
    dimensions: &'static [&'static [&'static str]],
    metrics: Vec<Definition>,
}

/// EMF's metric definition.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Definition {
    name: &'static str,
    unit: &'static str,
}

#[cfg(test)]
mod tests;
