//! A route's settings as one table of the file gives them: `[routes.name]`, or `[routes.name.live]`.

mod agree;
mod loops;

use std::time::Duration;

use crate::{
    condition::Condition,
    destination::DestinationName,
    event_template::EventTemplate,
    name,
    reshape::Reshape,
    route::{Backoff, HandlerName, OrderBy, To, TypePattern},
    source::SourceName,
};

pub(super) use self::{
    agree::{Known, route},
    loops::{Placed, check as no_loops},
};

use super::{
    duration::{DAY, HOUR, MINUTE, duration},
    event_template, headers, json,
    layers::Layer,
    report::{Report, shown},
    shape::Rule,
    slot::Slot,
    table::Table,
    value::Value,
};

/// What stands before the name of a handler.
const HANDLER: &str = "handler:";

/// The settings of one table. What is absent is said by another table, or by the stack's parameters.
#[derive(Clone, Debug, Default)]
pub(super) struct RouteLayer {
    from: Slot<From>,
    types: Slot<Vec<TypePattern>>,
    condition: Slot<Condition>,
    to: Slot<To>,
    body: Slot<Reshape>,
    headers: Slot<Vec<(&'static str, EventTemplate)>>,
    tries: Slot<u32>,
    backoff: Slot<Backoff>,
    age_limit: Slot<Duration>,
    order_by: Slot<OrderBy>,
}

/// Whose events, with the place of each name in the file.
#[derive(Clone, Debug)]
enum From {
    All,
    These(Vec<(usize, SourceName)>),
}

impl RouteLayer {
    /// Where it says to where it leads.
    pub(super) fn leads_at(&self) -> Option<usize> {
        self.to.at()
    }
}

impl Layer for RouteLayer {
    const NOUN: &'static str = "route";
    const SETTINGS: &'static [&'static str] = &[
        "from",
        "types",
        "where",
        "to",
        "body",
        "headers",
        "tries",
        "backoff",
        "age_limit",
        "order_by",
    ];

    fn read(table: &Table<'_>, report: &mut Report<'_>) -> Self {
        Self {
            from: table.slot("from", report, from),
            types: table.slot("types", report, |value, report| {
                value.list_of(report, type_pattern)
            }),
            condition: table.slot("where", report, json::condition),
            to: table.slot("to", report, to),
            body: table.slot("body", report, json::reshape),
            headers: table.slot("headers", report, headers::of_events),
            // The queue moves a message aside after 100 receives, and put-backs count too.
            tries: table.slot("tries", report, |value, report| {
                value.number(1..=50, report)
            }),
            backoff: table.slot("backoff", report, backoff),
            // The sweeper looks at an event for the last time when it is five days old.
            age_limit: table.slot("age_limit", report, |value, report| {
                duration(value, MINUTE..=4 * DAY, report)
            }),
            order_by: table.slot("order_by", report, order_by),
        }
    }

    fn or(self, base: Self) -> Self {
        Self {
            from: self.from.or(base.from),
            types: self.types.or(base.types),
            condition: self.condition.or(base.condition),
            to: self.to.or(base.to),
            body: self.body.or(base.body),
            headers: self.headers.or(base.headers),
            tries: self.tries.or(base.tries),
            backoff: self.backoff.or(base.backoff),
            age_limit: self.age_limit.or(base.age_limit),
            order_by: self.order_by.or(base.order_by),
        }
    }
}

fn from(value: Value<'_>, report: &mut Report<'_>) -> Option<From> {
    if value.is_text() {
        let text = value.among(["*"].into_iter()).text(report)?;
        if text != "*" {
            report.add(
                value.at(),
                "`from` is not a list of sources, and not \"*\"",
                format!("write from = [\"{}\"]", shown(text)),
            );
            return None;
        }
        return Some(From::All);
    }
    let names = value.list_of(report, |item, report| {
        let text = item.like(name::PATTERN).text(report)?;
        let name = SourceName::new(text);
        if name.is_none() {
            report.add(
                item.at(),
                format!("`{}` can't be the name of a source", shown(text)),
                "name sources as their tables do; for every source write from = \"*\"",
            );
        }
        Some((item.at(), name?))
    })?;
    for (index, (at, name)) in names.iter().enumerate() {
        if names[..index].iter().any(|(_, earlier)| earlier == name) {
            let fault = format!("`from` names `{name}` twice");
            report.add(*at, fault, "keep one of the two");
        }
    }
    Some(From::These(names))
}

fn type_pattern(item: Value<'_>, report: &mut Report<'_>) -> Option<TypePattern> {
    let text = item.like("^[^*]*\\*?$").text(report)?;
    let pattern = TypePattern::parse(text);
    if pattern.is_none() {
        report.add(
            item.at(),
            format!("`{}` has a `*` elsewhere than at its end", shown(text)),
            "write a whole type, or how types begin and a `*`: \"invoice.*\"; what stands further in is for `where`",
        );
    }
    pattern
}

fn to(value: Value<'_>, report: &mut Report<'_>) -> Option<To> {
    let text = value.like("^(handler:)?[a-z0-9-]{1,64}$").text(report)?;
    let read = match text.strip_prefix(HANDLER) {
        Some(name) => HandlerName::new(name).map(To::Handler),
        None => DestinationName::new(text).map(To::Destination),
    };
    if read.is_none() {
        report.add(
            value.at(),
            format!("`{}` is no place to go to", shown(text)),
            "write the name of a destination, to = \"billing\", or of a handler, to = \"handler:invoices\"; names have \
             1 to 64 lower-case letters, digits and `-`",
        );
    }
    read
}

fn backoff(value: Value<'_>, report: &mut Report<'_>) -> Option<Backoff> {
    let example = "backoff = { base = \"5s\", max = \"15m\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["base", "max"], report);
    table.rule(Rule::Needs(&["base", "max"]));
    let base = table.slot("base", report, |value, report| {
        duration(value, 1..=HOUR, report)
    });
    let max = table.slot("max", report, |value, report| {
        duration(value, 1..=12 * HOUR, report)
    });
    both(value, [("base", &base), ("max", &max)], example, report);
    if let (Slot::Given(_, base), Slot::Given(at, max)) = (&base, &max)
        && max < base
    {
        let fault = "`max` is shorter than `base`: the first wait would be the longest";
        report.add(*at, fault, format!("write {example}"));
        return None;
    }
    Some(Backoff {
        base: base.value()?,
        max: max.value()?,
    })
}

fn order_by(value: Value<'_>, report: &mut Report<'_>) -> Option<OrderBy> {
    let example = "order_by = { entity = \"{json:data.id}\", version = \"{json:created}\" }";
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["entity", "version"], report);
    table.rule(Rule::Needs(&["entity", "version"]));
    let entity = table.slot("entity", report, event_template::differing);
    let version = table.slot("version", report, event_template::differing);
    let halves = [("entity", &entity), ("version", &version)];
    both(value, halves, example, report);
    Some(OrderBy {
        entity: entity.value()?,
        version: version.value()?,
    })
}

/// Reports which of two keys is missing.
fn both<T>(
    value: Value<'_>,
    halves: [(&str, &Slot<T>); 2],
    example: &str,
    report: &mut Report<'_>,
) {
    for (key, slot) in halves {
        if slot.is_absent() {
            let fault = format!("`{}` has no `{key}`", value.key);
            report.missing(value.at(), fault, format!("write {example}"));
        }
    }
}
