//! The two files that the bill is made from: AWS's prices, and what was measured of Landfall. And the template, which says
//! how much memory, how many alarms and the like a stack has.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

const PRICES: &str = include_str!("prices.json");
const MEASURED: &str = include_str!("measured.json");
const TEMPLATE: &str = include_str!("../../../infra/template.yaml");

/// AWS's list prices in one region, on one day: the first tier of each, without free tiers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Prices {
    pub(super) region: String,
    pub(super) read_on: String,
    #[serde(rename = "prices")]
    list: BTreeMap<String, Price>,
}

/// What so many of something cost.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Price {
    pub(super) usd: f64,
    pub(super) per: f64,
    pub(super) unit: String,
    pub(super) page: String,
}

/// Sizes and lengths of time, each with where it is from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Measured {
    pub(super) event_item_bytes: Known<Vec<(f64, f64)>>,
    pub(super) work_item_bytes: Known<f64>,
    pub(super) index_entry_bytes: Known<f64>,
    pub(super) ticket_bytes: Known<f64>,
    pub(super) ingest_line_bytes: Known<f64>,
    pub(super) consumer_line_bytes: Known<f64>,
    pub(super) consumer_counts_bytes: Known<f64>,
    pub(super) batch_line_bytes: Known<Vec<(f64, f64)>>,
    pub(super) source_metrics_bytes: Known<f64>,
    pub(super) sweep_line_bytes: Known<f64>,
    pub(super) access_line_bytes: Known<f64>,
    pub(super) ingest_ms: Known<f64>,
    pub(super) consumer_ms: Known<f64>,
    pub(super) consumer_more_ms: Known<f64>,
    pub(super) sweeper_ms: Known<f64>,
    pub(super) sweep_page: Known<f64>,
    pub(super) look_calls: Known<f64>,
    pub(super) heal_calls: Known<f64>,
    pub(super) sweep_end_seconds: Known<f64>,
    pub(super) pollers: Known<f64>,
    pub(super) poll_seconds: Known<f64>,
    pub(super) log_overhead_bytes: Known<f64>,
    pub(super) log_compression: Known<f64>,
    pub(super) item_overhead_bytes: Known<f64>,
}

/// A value. Beside it the file says where it is from, which is told as it stands there.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Known<T> {
    pub(super) value: T,
}

/// How a stack is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stack {
    pub(super) ingest_megabytes: f64,
    pub(super) consumer_megabytes: f64,
    pub(super) sweeper_megabytes: f64,
    pub(super) inline_body_bytes: f64,
    pub(super) body_days: f64,
    pub(super) log_days: f64,
    pub(super) shards: f64,
    pub(super) ages: f64,
    pub(super) batch: f64,
    pub(super) alarms: f64,
    pub(super) secrets: f64,
}

impl Prices {
    /// The prices of the file.
    ///
    /// # Panics
    ///
    /// If the file, which is part of the program, can't be read: a test reads it.
    pub(super) fn read() -> Self {
        serde_json::from_str(PRICES).unwrap_or_else(|error| panic!("prices.json: {error}"))
    }

    /// The price of this name.
    ///
    /// # Panics
    ///
    /// If there is none: a test asks for each that a bill may name.
    pub(super) fn of(&self, name: &str) -> &Price {
        let price = self.list.get(name);
        price.unwrap_or_else(|| panic!("prices.json has no `{name}`"))
    }
}

impl Measured {
    /// What the file says.
    ///
    /// # Panics
    ///
    /// If the file, which is part of the program, can't be read: a test reads it.
    pub(super) fn read() -> Self {
        serde_json::from_str(MEASURED).unwrap_or_else(|error| panic!("measured.json: {error}"))
    }

    /// The file as it stands, for those who ask where a value is from.
    pub(super) fn told() -> Value {
        serde_json::from_str(MEASURED).unwrap_or_default()
    }

    /// The size of the item of an event with a body of so many bytes. Between two bodies that were measured, and above the
    /// largest, it grows in proportion.
    pub(super) fn event_item(&self, body: f64) -> f64 {
        between(&self.event_item_bytes.value, body)
    }

    /// The size of the line for a batch of so many tickets.
    pub(super) fn batch_line(&self, tickets: f64) -> f64 {
        between(&self.batch_line_bytes.value, tickets)
    }
}

/// What belongs to this, of points that rise. Between two of them, and beyond the last, it grows in proportion.
fn between(points: &[(f64, f64)], at: f64) -> f64 {
    let after = points.iter().position(|(point, _)| *point >= at);
    let after = after.unwrap_or(points.len() - 1).max(1);
    let ((from, low), (to, high)) = (points[after - 1], points[after]);
    low + (at - from) / (to - from) * (high - low)
}

impl Stack {
    /// The template's defaults.
    pub(super) fn of_template() -> Self {
        let number = |parameter| default(parameter).parse().unwrap_or_default();
        let count = |kind: &str| TEMPLATE.matches(&format!("Type: {kind}\n")).count();
        Self {
            ingest_megabytes: number("IngestMemoryMegabytes"),
            consumer_megabytes: number("ConsumerMemoryMegabytes"),
            sweeper_megabytes: 256.0,
            inline_body_bytes: number("InlineBodyBytes"),
            body_days: number("BodyDays"),
            log_days: number("LogDays"),
            shards: number("Shards"),
            batch: number("BatchSize"),
            ages: counted(default("SweepAgesSeconds").split(',').count()),
            // An alarm over an expression is paid for each metric in it.
            alarms: counted(
                TEMPLATE
                    .split("\n\n")
                    // By default nothing is deployed gradually.
                    .filter(|resource| !resource.contains("\n    Condition: IsGradual\n"))
                    .map(|resource| {
                        resource.matches("\n      MetricName: ").count()
                            + resource.matches("        MetricStat:").count()
                    })
                    .sum(),
            ),
            secrets: counted(count("AWS::SecretsManager::Secret")),
        }
    }
}

/// As a number that can be multiplied with others.
fn counted(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// The default of a parameter of the template.
pub(super) fn default(parameter: &str) -> &'static str {
    let own = TEMPLATE.split_once(&format!("\n  {parameter}:\n"));
    let default = own.and_then(|(_, rest)| rest.split_once("\n    Default: "));
    default.map_or("", |(_, rest)| rest.lines().next().unwrap_or_default())
}
