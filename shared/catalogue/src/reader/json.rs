//! Values of the file that have a language of their own: a condition and a reshaped body. They are read as the JSON that
//! they stand for.

use serde_json::{Map, Number, Value as Json};

use crate::{condition::Condition, misread::Misread, reshape::Reshape};

use super::{
    report::{Report, shown},
    shape::Shape,
    tree::{Kind, Node},
    value::Value,
};

/// A pattern of EventBridge: a table, or the JSON of it as a text, in which `null` can be written too.
pub(super) fn condition(value: Value<'_>, report: &mut Report<'_>) -> Option<Condition> {
    let is_text = value.is_text();
    let json = if is_text {
        let text = value.text(report)?;
        match serde_json::from_str(text) {
            Ok(json) => json,
            Err(error) => {
                let fault = format!("`{}` is a text that is no JSON: {error}", value.key);
                report.add(
                    value.at(),
                    fault,
                    "write a table, or a pattern of EventBridge as JSON",
                );
                return None;
            }
        }
    } else {
        if value.file().is_some() {
            value.table("where = { data = { status = [\"paid\"] } }", report)?;
        }
        json(value, Shape::AnyTable, report)?
    };
    read(value, &json, Condition::read, report)
}

/// A body of JSON with placeholders.
pub(super) fn reshape(value: Value<'_>, report: &mut Report<'_>) -> Option<Reshape> {
    let json = json(value, Shape::Any, report)?;
    read(value, &json, Reshape::read, report)
}

fn read<T>(
    value: Value<'_>,
    json: &Json,
    read: fn(&Json) -> Result<T, Vec<Misread>>,
    report: &mut Report<'_>,
) -> Option<T> {
    let misreads = match read(json) {
        Ok(read) => return Some(read),
        Err(misreads) => misreads,
    };
    for Misread { path, fault, mend } in misreads {
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" at `{}`", shown(&path.join(".")))
        };
        let at = value
            .file()
            .map_or(value.at(), |node| place_of(node, &path));
        report.add(at, format!("`{}`{place}: {fault}", value.key), mend);
    }
    None
}

/// Where the deepest of these stands that the file has a place for.
fn place_of(node: &Node, path: &[String]) -> usize {
    let below = path.split_first().and_then(|(name, rest)| {
        let below = match &node.kind {
            Kind::Table(entries) => {
                let entry = entries.iter().find(|entry| entry.key == name);
                entry.map(|entry| &entry.node)
            }
            Kind::List(items) => items.get(name.parse::<usize>().ok()?),
            _ => None,
        };
        Some((below?, rest))
    });
    below.map_or(node.at, |(below, rest)| place_of(below, rest))
}

fn json(value: Value<'_>, shape: Shape, report: &mut Report<'_>) -> Option<Json> {
    let Some(node) = value.file() else {
        value.noted(shape);
        return None;
    };
    to_json(node, value.key, report)
}

fn to_json(node: &Node, key: &str, report: &mut Report<'_>) -> Option<Json> {
    match &node.kind {
        Kind::Text(text) => Some(Json::String((*text).to_owned())),
        Kind::Boolean(yes) => Some(Json::Bool(*yes)),
        Kind::Integer(number) => {
            let read = number.map(|number| Json::Number(number.into()));
            read.or_else(|| no_json(node, key, report))
        }
        Kind::Float(number) => {
            let read = Number::from_f64(*number).map(Json::Number);
            read.or_else(|| no_json(node, key, report))
        }
        Kind::Date => no_json(node, key, report),
        Kind::List(items) => {
            let read: Vec<_> = items
                .iter()
                .map(|item| to_json(item, key, report))
                .collect();
            read.into_iter().collect::<Option<_>>().map(Json::Array)
        }
        Kind::Table(entries) => {
            let read: Vec<_> = (entries.iter())
                .map(|entry| Some((entry.key.to_owned(), to_json(&entry.node, key, report)?)))
                .collect();
            let read: Option<Map<_, _>> = read.into_iter().collect();
            read.map(Json::Object)
        }
    }
}

fn no_json(node: &Node, key: &str, report: &mut Report<'_>) -> Option<Json> {
    report.add(
        node.at,
        format!("`{key}` has a value that JSON has not"),
        "write a text, a number, true, false, a list or a table; a date is a text in JSON",
    );
    None
}
