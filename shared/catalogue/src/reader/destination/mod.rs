//! A destination's settings as one table of the file gives them: `[destinations.name]`, or `[destinations.name.live]`.

mod agree;
mod api;
mod target;
mod url;

use std::time::Duration;

use crate::{
    destination::{HeaderValue, Rate},
    event_template::EventTemplate,
};

use super::{
    duration::{MINUTE, duration},
    event_template, headers,
    layers::Layer,
    report::{Report, shown},
    slot::Slot,
    table::Table,
    value::Value,
};

pub(super) use self::{agree::destination, api::no_loop, target::Target};

/// The settings of one table. What is absent is said by another table, or by a default.
#[derive(Clone, Debug, Default)]
pub(super) struct DestinationLayer {
    target: Slot<Target>,
    headers: Slot<Vec<(&'static str, HeaderValue)>>,
    secret: Slot<&'static str>,
    group: Slot<EventTemplate>,
    key: Slot<EventTemplate>,
    invocation: Slot<bool>,
    rate: Slot<Rate>,
    concurrency: Slot<u32>,
    timeout: Slot<Duration>,
}

impl DestinationLayer {
    /// Where it is said what the destination is.
    pub(super) fn leads_at(&self) -> Option<usize> {
        self.target.at()
    }
}

impl Layer for DestinationLayer {
    const NOUN: &'static str = "destination";
    const SETTINGS: &'static [&'static str] = &[
        "http",
        "event_bridge",
        "sqs",
        "sns",
        "lambda",
        "step_functions",
        "kinesis",
        "firehose",
        "s3",
        "headers",
        "secret",
        "group",
        "key",
        "invocation",
        "rate",
        "concurrency",
        "timeout",
    ];

    fn read(table: &Table<'_>, report: &mut Report<'_>) -> Self {
        Self {
            target: target::target(table, report),
            headers: table.slot("headers", report, headers::fixed),
            secret: table.slot("secret", report, Value::text),
            group: table.slot("group", report, event_template::differing),
            key: table.slot("key", report, event_template::differing),
            invocation: table.slot("invocation", report, |value, report| {
                value.word(&[("synchronous", false), ("asynchronous", true)], report)
            }),
            rate: table.slot("rate", report, rate),
            concurrency: table.slot("concurrency", report, |value, report| {
                value.number(1..=1_000, report)
            }),
            timeout: table.slot("timeout", report, |value, report| {
                duration(value, 1..=10 * MINUTE, report)
            }),
        }
    }

    /// A table that names another kind of place says all about it: what the other table says of its own kind doesn't
    /// count for this one.
    fn or(self, base: Self) -> Self {
        let is_another = match (&self.target, &base.target) {
            (Slot::Given(_, mine), Slot::Given(_, theirs)) => mine.word() != theirs.word(),
            _ => false,
        };
        let base = if is_another {
            Self {
                rate: base.rate,
                concurrency: base.concurrency,
                timeout: base.timeout,
                ..Self::default()
            }
        } else {
            base
        };
        Self {
            target: self.target.or(base.target),
            headers: self.headers.or(base.headers),
            secret: self.secret.or(base.secret),
            group: self.group.or(base.group),
            key: self.key.or(base.key),
            invocation: self.invocation.or(base.invocation),
            rate: self.rate.or(base.rate),
            concurrency: self.concurrency.or(base.concurrency),
            timeout: self.timeout.or(base.timeout),
        }
    }
}

/// So many in a second or in a minute.
fn rate(value: Value<'_>, report: &mut Report<'_>) -> Option<Rate> {
    let text = value.like("^[1-9][0-9]{0,4}/(s|min)$").text(report)?;
    let units = [("/s", 1), ("/min", 60)];
    let read = (units.iter()).find_map(|(unit, seconds)| {
        let digits = text.strip_suffix(unit)?;
        let fits = (1..=5).contains(&digits.len())
            && !digits.starts_with('0')
            && digits.bytes().all(|b| b.is_ascii_digit());
        let count: u32 = fits.then(|| digits.parse().ok())??;
        Some((count, *seconds))
    });
    let Some((count, seconds)) = read else {
        report.add(
            value.at(),
            format!("`{}` is no rate", shown(text)),
            "write how many in a second or in a minute, for example rate = \"50/s\" or rate = \"100/min\"",
        );
        return None;
    };
    // Every event takes its token in one item of the ledger, and that bears a thousand writes a second.
    if u64::from(count) > 1_000 * seconds {
        report.add(
            value.at(),
            format!("`{}` is more than 1000 in a second", shown(text)),
            "write at most rate = \"1000/s\", or leave it out",
        );
        return None;
    }
    Some(Rate {
        count,
        per: Duration::from_secs(seconds),
    })
}
