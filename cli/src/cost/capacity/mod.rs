//! `landfall capacity`: which limit of AWS's, or of the template's, a stack meets first at so many events a second, what to turn
//! then, and what that many events cost. Arithmetic, without AWS.

mod backlog;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, process::ExitCode};

use serde::Deserialize;
use serde_json::{Value, json};

use self::backlog::Backlog;
use super::{
    bill::{self, Bill},
    data::{Measured, Prices, Stack, default},
    units::{SECONDS, write_units},
};
use crate::{args::GivenCapacity, print};

const LIMITS: &str = include_str!("limits.json");

/// What the template's own limits are told to be.
const OURS: &str = "the template's default";

/// AWS's limits, as accounts have them by default.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limits {
    region: String,
    read_on: String,
    #[serde(rename = "limits")]
    list: BTreeMap<String, Limit>,
}

/// How much there is of something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    value: f64,
    unit: String,
    /// What raises it.
    knob: String,
    /// Of what it is one.
    #[serde(rename = "where")]
    of: String,
    /// AWS's page that names it.
    page: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug)]
struct Asked {
    /// Events a second.
    rate: f64,
    /// The size of their bodies.
    body: f64,
    shards: f64,
    /// What a handler or a destination takes of a batch, in milliseconds.
    handler_ms: f64,
    /// Whether an HTTP API stands before ingest, or a function URL.
    has_api: bool,
}

/// What is needed of what there is.
struct Need {
    what: &'static str,
    needed: f64,
    limit: Limit,
}

pub(crate) fn run(given: &GivenCapacity, as_json: bool) -> ExitCode {
    let (measured, stack) = (Measured::read(), Stack::of_template());
    let asked = Asked {
        rate: given.rate.map_or(0.0, f64::from),
        body: f64::from(given.body),
        shards: given.shards.map_or(stack.shards, f64::from),
        handler_ms: f64::from(given.handler_ms),
        has_api: given.front_door == "api",
    };
    let limits = Limits::read();
    let needs = (given.rate).map(|_| needs(&asked, &measured, &stack, &limits));
    let usd = usd_a_month(&asked, &measured, &stack);
    let backlog = given.backlog.map(f64::from);
    let backlog = backlog.map(|tickets| Backlog::of(tickets, &asked, &measured, &stack, &limits));
    if as_json {
        let mut all = json!({
            "region": limits.region,
            "limits_of": limits.read_on,
            "measured": Measured::told(),
        });
        let of_rate = needs.map(|needs| told(&asked, &needs, usd));
        let of_backlog = backlog.map(|backlog| json!({"backlog": backlog.told()}));
        for part in of_rate.into_iter().chain(of_backlog) {
            if let (Some(all), Value::Object(part)) = (all.as_object_mut(), part) {
                all.extend(part);
            }
        }
        print::json(&all);
        return ExitCode::SUCCESS;
    }
    if let Some(needs) = &needs {
        show(&asked, needs, usd);
        if backlog.is_some() {
            print::line("");
        }
    }
    if let Some(backlog) = backlog {
        backlog.show();
    }
    print::line(&format!(
        "AWS's defaults in {}, {}, and the template's; full batches, one route. Computed, not tried.",
        limits.region, limits.read_on
    ));
    ExitCode::SUCCESS
}

/// How long a full batch takes, in seconds.
fn batch_seconds(asked: &Asked, measured: &Measured, stack: &Stack) -> f64 {
    let more = (stack.batch - 1.0) * measured.consumer_more_ms.value;
    (measured.consumer_ms.value + more + asked.handler_ms) / 1e3
}

/// The size of an event's item. A larger body is the bucket's.
fn event_item(asked: &Asked, measured: &Measured, stack: &Stack) -> f64 {
    let is_inline = asked.body <= stack.inline_body_bytes;
    measured.event_item(if is_inline { asked.body } else { 0.0 })
}

/// What this rate takes of each limit, the scarcest first.
fn needs(asked: &Asked, measured: &Measured, stack: &Stack, limits: &Limits) -> Vec<Need> {
    let Asked { rate, shards, .. } = *asked;
    let batches = rate / stack.batch;
    let ingests = rate * measured.ingest_ms.value / 1e3;
    let consumers = batches * batch_seconds(asked, measured, stack);
    let event = event_item(asked, measured, stack);
    let of_work = write_units(measured.work_item_bytes.value);
    let writes = rate * (write_units(event) + 2.0 * of_work);
    let index = rate * write_units(measured.index_entry_bytes.value);
    let aws = |what, name: &str, needed| Need {
        what,
        needed,
        limit: limits.of(name),
    };
    let ours = |what, needed, unit: &str, knob: &str| Need {
        what,
        needed,
        limit: Limit {
            value: default(what).parse().unwrap_or_default(),
            unit: unit.into(),
            knob: knob.into(),
            of: OURS.into(),
            page: None,
        },
    };
    let mut needs = vec![
        ours(
            "ConsumerConcurrency",
            consumers,
            "batches at a time",
            "ConsumerConcurrency",
        ),
        aws("Lambda: runs at a time", "concurrency", ingests + consumers),
        aws("Lambda: runs begun", "run_requests", rate + batches),
        aws("Lambda: batches of the queue", "consumers", consumers),
        aws(
            "DynamoDB: a shard of the index",
            "partition_writes",
            index / shards,
        ),
        aws("DynamoDB: a new table", "first_writes", writes),
        aws("DynamoDB: the table", "table_writes", writes),
        aws(
            "SQS: tickets in flight",
            "in_flight",
            consumers * stack.batch,
        ),
    ];
    if asked.has_api {
        let knobs = "ThrottleRate, ThrottleBurst";
        needs.push(ours("ThrottleRate", rate, "deliveries a second", knobs));
        needs.push(aws("API Gateway: requests", "api_requests", rate));
    }
    needs.sort_by(|one, other| other.share().total_cmp(&one.share()));
    needs
}

fn usd_a_month(asked: &Asked, measured: &Measured, stack: &Stack) -> f64 {
    let bill = bill::Asked {
        events: asked.rate * SECONDS,
        body: asked.body,
        sources: 1.0,
        retention_days: 30.0,
        // Without a window the event source waits for no batch to fill: the most that they cost.
        window: 0.0,
        has_api: asked.has_api,
        source_metrics: false,
    };
    Bill::of(&bill, measured, stack, Prices::read()).total()
}

impl Limits {
    /// The limits of the file.
    ///
    /// # Panics
    ///
    /// If the file, which is part of the program, can't be read: a test reads it.
    fn read() -> Self {
        serde_json::from_str(LIMITS).unwrap_or_else(|error| panic!("limits.json: {error}"))
    }

    /// The limit of this name.
    ///
    /// # Panics
    ///
    /// If there is none: a test asks for each.
    fn of(&self, name: &str) -> Limit {
        let limit = self.list.get(name).cloned();
        limit.unwrap_or_else(|| panic!("limits.json has no `{name}`"))
    }
}

impl Need {
    /// Of what there is; 1 is all of it.
    fn share(&self) -> f64 {
        self.needed / self.limit.value
    }
}

fn show(asked: &Asked, needs: &[Need], usd: f64) {
    let rows: Vec<_> = (needs.iter())
        .map(|need| {
            [
                need.what.to_owned(),
                format!("{} {}", number(need.needed), need.limit.unit),
                number(need.limit.value),
                number(need.share()),
                need.limit.knob.clone(),
            ]
        })
        .collect();
    print::table(
        ["limit", "needed", "there is", "share", "what to turn"],
        &rows,
    );
    if let Some(first) = needs.first() {
        print::line(&format!(
            "\n{} comes first, at {} events a second.",
            first.what,
            number(asked.rate / first.share()),
        ));
    }
    print::line(&format!(
        "A month of it: {} million events, {} USD at batches of one.",
        number(asked.rate * SECONDS / 1e6),
        number(usd),
    ));
}

fn told(asked: &Asked, needs: &[Need], usd: f64) -> Value {
    let told = needs.iter().map(|need| {
        json!({
            "limit": need.what,
            "needed": need.needed,
            "there_is": need.limit.value,
            "unit": need.limit.unit,
            "share": need.share(),
            "knob": need.limit.knob,
            "where": need.limit.of,
            "page": need.limit.page,
        })
    });
    json!({
        "events_per_second": asked.rate,
        "bears_events_per_second": needs.first().map(|first| asked.rate / first.share()),
        "limits": told.collect::<Vec<_>>(),
        "events_per_month": asked.rate * SECONDS,
        "usd_per_month": usd,
    })
}

/// With the digits that count: two, and all of those before the point.
fn number(value: f64) -> String {
    let (mut decimals, mut rest) = (0, value);
    while rest > 0.0 && rest < 9.95 {
        rest *= 10.0;
        decimals += 1;
    }
    let text = format!("{value:.decimals$}");
    let (whole, part) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + part
}
