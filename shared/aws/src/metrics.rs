//! The metrics, every name of them, and the log line that carries them.
//!
//! CloudWatch reads metrics out of log lines in its embedded metric format (EMF), so one JSON object
//! a delivery, attempt or sweep is both. Whatever a line says of a request must have been verified
//! before, save the source's name, reason, sizes, digests, time and address.

use std::io::Write as _;

use protocol::time::{Millis, UnixMillis};
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::{Map, Value};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Landfall";

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
    /// Legs that were held: their destination or their route is out of service.
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

/// One log line with its metrics.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a line is written by `print`"]
pub struct Line {
    at: UnixMillis,
    source: bool,
    metrics: Vec<Metric>,
    fields: Map<String, Value>,
}

impl Line {
    /// A line about a `delivery`, an `attempt` or a `sweep` of this stack.
    pub fn new(message: &'static str, stack: &str, at: UnixMillis) -> Self {
        let line = Self {
            at,
            source: false,
            metrics: Vec::new(),
            fields: Map::new(),
        };
        line.text("message", message).text("stack", stack)
    }

    /// Names the source, which becomes a dimension: only ever one that is configured.
    pub fn source(mut self, source: &str) -> Self {
        self.source = true;
        self.text("source", source)
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
        self.fields.insert(metric.name().into(), value.into());
        self
    }

    /// Adds to a metric.
    pub fn add(self, metric: Metric, more: i64) -> Self {
        let before = self.fields.get(metric.name()).and_then(Value::as_i64);
        self.value(metric, before.unwrap_or(0) + more)
    }

    /// A field of text. Long ones are cut.
    pub fn text(mut self, name: &str, text: &str) -> Self {
        let cut = &text[..text.floor_char_boundary(LONGEST_TEXT)];
        self.fields.insert(name.into(), cut.into());
        self
    }

    /// A field of text, where there is one.
    pub fn maybe(self, name: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) => self.text(name, text),
            None => self,
        }
    }

    /// A field with a number.
    pub fn number(mut self, name: &str, number: impl Into<Value>) -> Self {
        self.fields.insert(name.into(), number.into());
        self
    }

    /// A field with parts of its own.
    pub fn parts(mut self, name: &str, parts: Vec<Value>) -> Self {
        self.fields.insert(name.into(), parts.into());
        self
    }

    /// Whether the line has this field.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// Writes the line to standard output. A log that can't be written stops nobody.
    pub fn print(&self) {
        let Ok(mut line) = serde_json::to_string(self) else {
            return;
        };
        line.push('\n');
        // In one write, lest lines of threads mix.
        let _ = std::io::stdout().lock().write_all(line.as_bytes());
    }
}

/// The line, as one JSON object: what CloudWatch is to make of it, then its fields. It is written piece by piece,
/// for every delivery has one: as a tree of values it cost a third of what verifying does.
impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const OF_STACK: &[&str] = &["stack"];
        const OF_SOURCE: &[&str] = &["stack", "source"];
        let mut line = serializer.serialize_map(None)?;
        if !self.metrics.is_empty() {
            let metrics = self.metrics.iter().map(|metric| Definition {
                name: metric.name(),
                unit: metric.unit(),
            });
            let directive = Directive {
                namespace: NAMESPACE,
                dimensions: if self.source {
                    &[OF_STACK, OF_SOURCE]
                } else {
                    &[OF_STACK]
                },
                metrics: metrics.collect(),
            };
            let metadata = Metadata {
                timestamp: self.at.0,
                cloud_watch_metrics: [directive],
            };
            line.serialize_entry("_aws", &metadata)?;
        }
        for (name, value) in &self.fields {
            line.serialize_entry(name, value)?;
        }
        line.end()
    }
}

/// What makes a line of another form count one of a metric for this stack.
pub(crate) fn counted(metric: Metric, stack: &str, at: UnixMillis) -> Map<String, Value> {
    let mut line = Line::new("", stack, at).count(metric);
    line.fields.remove("message");
    match serde_json::to_value(line) {
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
mod tests {
    use serde_json::json;

    use super::*;

    fn line() -> Line {
        Line::new("delivery", "landfall-test", UnixMillis(1_700_000_000_123))
    }

    #[test]
    fn a_line_has_the_shape_of_the_embedded_metric_format() {
        let line = line()
            .source("stripe")
            .count(Metric::DeliveriesAccepted)
            .millis(Metric::IngestMs, Millis(17))
            .text("event_id", "evt_1")
            .number("status", 200);
        insta::assert_snapshot!(format!("{:#}", json!(line)));
    }

    #[test]
    fn every_dimension_and_every_metric_has_its_field() {
        // What CloudWatch asks of a line, by its specification: the target members of every dimension
        // set and of every metric definition exist; a dimension's value is text, a metric's a number.
        for line in [
            line().count(Metric::DeliveriesRefused),
            line()
                .source("s")
                .count(Metric::DeliveriesForged)
                .count(Metric::DeliveriesForged),
        ] {
            let json = json!(line);
            let directive = &json["_aws"]["CloudWatchMetrics"][0];
            for set in directive["Dimensions"].as_array().into_iter().flatten() {
                for name in set.as_array().into_iter().flatten() {
                    assert!(
                        json[name.as_str().unwrap_or_default()].is_string(),
                        "{name}"
                    );
                }
            }
            let metrics = directive["Metrics"]
                .as_array()
                .map_or(&[][..], Vec::as_slice);
            assert_eq!(metrics.len(), 1);
            for metric in metrics {
                assert!(json[metric["Name"].as_str().unwrap_or_default()].is_number());
            }
        }
    }

    #[test]
    fn a_line_without_a_source_has_no_such_dimension() {
        let json = json!(line().count(Metric::DeliveriesRefused));
        assert_eq!(
            json["_aws"]["CloudWatchMetrics"][0]["Dimensions"],
            json!([["stack"]])
        );
    }

    #[test]
    fn a_line_is_one_line_and_not_too_long() {
        let text = "a\n\u{0}\"}".repeat(1_000_000);
        let json = json!(line().text("event_id", &text)).to_string();
        assert!(!json.contains('\n'));
        assert!(json.len() < 16_384);
    }

    #[test]
    fn no_two_metrics_have_one_name_and_every_name_is_one_that_cloudwatch_takes() {
        for (at, metric) in Metric::ALL.iter().enumerate() {
            assert!(metric.name().is_ascii() && metric.name().len() <= 255);
            assert!(
                Metric::ALL[..at]
                    .iter()
                    .all(|other| other.name() != metric.name())
            );
        }
    }
}
