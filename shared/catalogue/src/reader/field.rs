//! Where in a delivery a text stands, and the templates that name such places.

use crate::{
    scheme::{Field, Unit},
    template::{INTO, Piece, Place, Template},
};

use super::{
    report::{Report, shown},
    shape::Rule,
    slot::Slot,
    table::Table,
    value::Value,
};

const UNITS: &[(&str, Unit)] = &[
    ("s", Unit::Seconds),
    ("ms", Unit::Millis),
    ("s-or-ms", Unit::SecondsOrMillis),
    ("iso", Unit::Iso),
    ("iso-utc", Unit::IsoUtc),
    ("http-date", Unit::HttpDate),
];

pub(super) const FIELD_EXAMPLE: &str = "{ header = \"X-Signature\", prefix = \"sha256=\" }";

/// A field: of the signature, or of the newer one that makes a scheme step back.
pub(super) fn signature(value: Value<'_>, report: &mut Report<'_>) -> Option<Field> {
    let entries = value.table(&format!("{} = {FIELD_EXAMPLE}", value.key), report)?;
    let table = Table::open(entries, &FIELD_KEYS, report);
    field(value, &table, report)
}

pub(super) fn timestamp(value: Value<'_>, report: &mut Report<'_>) -> Option<(Field, Unit)> {
    let example = "timestamp = { header = \"X-Timestamp\", unit = \"s\" }";
    let entries = value.table(example, report)?;
    let mut known = FIELD_KEYS.to_vec();
    known.push("unit");
    let table = Table::open(entries, &known, report);
    table.rule(Rule::Needs(&["unit"]));
    let unit = table.slot("unit", report, |value, report| value.word(UNITS, report));
    if unit.is_absent() {
        report.missing(
            value.at(),
            "`timestamp` has no `unit`",
            "add unit = \"s\" (seconds), \"ms\" (milliseconds) or \"iso\" (ISO 8601)",
        );
    }
    let field = field(value, &table, report);
    Some((field?, unit.value()?))
}

const FIELD_KEYS: [&str; 8] = [
    "header", "json", "form", "query", "jwt", "group", "split", "prefix",
];

const PLACES: &[&[&str]] = &[&["header"], &["json"], &["form"], &["query"]];

const KINDS: &[Kind] = &[
    ("header", Place::Header),
    ("json", Place::Json),
    ("form", Place::Form),
    ("query", Place::Query),
];

/// Where a field may stand beside: in a token that is the body.
const PLACES_OF_FIELD: &[&[&str]] = &[&["header"], &["json"], &["form"], &["query"], &["jwt"]];

const JWT: Kind = ("jwt", Place::Jwt);

/// The key of a place, and what makes one of its names.
type Kind = (&'static str, fn(&'static str) -> Place);

/// A field, and the text that must stand there.
pub(super) fn when(value: Value<'_>, report: &mut Report<'_>) -> Option<(Field, &'static str)> {
    let example = "{ header = \"X-Signature-Version\", is = \"v1\" }";
    let example = format!("{} = {example}", value.key);
    let entries = value.table(&example, report)?;
    let mut known = FIELD_KEYS.to_vec();
    known.push("is");
    let table = Table::open(entries, &known, report);
    table.rule(Rule::Needs(&["is"]));
    let is = table.slot("is", report, Value::text);
    if is.is_absent() {
        let fault = format!("`{}` has no `is`", value.key);
        report.missing(value.at(), fault, format!("write {example}"));
    }
    let field = field(value, &table, report);
    Some((field?, is.value()?))
}

/// What a delivery may say about its own signing: a list of such fields.
pub(super) fn named(
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<&'static [(Field, &'static str)]> {
    let read = value.list_of(report, when)?;
    Some(read.leak())
}

/// A place, and what must stand there.
pub(super) fn place_and<'a, T>(
    value: Value<'a>,
    example: &str,
    report: &mut Report<'_>,
    read: impl Fn(Value<'a>, &mut Report<'_>) -> Option<T>,
) -> Option<(Place, T)> {
    let entries = value.table(example, report)?;
    let table = Table::open(entries, &["header", "json", "form", "query", "is"], report);
    table.rule(Rule::Needs(&["is"]));
    let is = table.slot("is", report, read);
    if is.is_absent() {
        let fault = format!("`{}` has no `is`", value.key);
        report.missing(value.at(), fault, format!("write {example}"));
    }
    let place = place(value, &table, report);
    Some((place?, is.value()?))
}

/// The one place that a table names.
pub(super) fn place(value: Value<'_>, table: &Table<'_>, report: &mut Report<'_>) -> Option<Place> {
    table.rule(Rule::AllOfOne(PLACES));
    let found = places(table, report);
    one_of(found, value, report)
}

/// Every place that a table names.
pub(super) fn places(table: &Table<'_>, report: &mut Report<'_>) -> Vec<Slot<Place>> {
    table.rule(Rule::AtMostOne(PLACES));
    of_kinds(KINDS.iter(), table, report)
}

fn of_kinds<'k>(
    kinds: impl Iterator<Item = &'k Kind>,
    table: &Table<'_>,
    report: &mut Report<'_>,
) -> Vec<Slot<Place>> {
    kinds
        .map(|&(key, make)| {
            let names = if key == "header" { HEADER_NAMES } else { NAMES };
            table.slot(key, report, |value, report| {
                let place = make(value.like(names).text(report)?);
                names_fit(place, value, report).then_some(place)
            })
        })
        .filter(|slot| !slot.is_absent())
        .collect()
}

/// Of several places the only one.
pub(super) fn one_of(
    mut found: Vec<Slot<Place>>,
    value: Value<'_>,
    report: &mut Report<'_>,
) -> Option<Place> {
    if found.len() != 1 {
        report.add(
            value.at(),
            format!("`{}` stands in {} places", value.key, found.len()),
            "name one: header, json, form or query; alternatives are separated by `|`",
        );
        return None;
    }
    found.pop()?.value()
}

fn field(value: Value<'_>, table: &Table<'_>, report: &mut Report<'_>) -> Option<Field> {
    table.rule(Rule::AllOfOne(PLACES_OF_FIELD));
    table.rule(Rule::AtMostOne(PLACES_OF_FIELD));
    let found = of_kinds(KINDS.iter().chain([&JWT]), table, report);
    let place = one_of(found, value, report);
    let group = table.slot("group", report, separator);
    let split = table.slot("split", report, separator);
    let prefixes = table.slot("prefix", report, |value, report| {
        let prefixes = if value.is_text() {
            vec![value.any_text(report)?]
        } else {
            value.list_of(report, Value::any_text)?
        };
        let prefixes: &'static [&'static str] = prefixes.leak();
        Some(prefixes)
    });
    if group.is_faulty() || split.is_faulty() || prefixes.is_faulty() {
        return None;
    }
    Some(Field {
        place: place?,
        group: group.value(),
        split: split.value(),
        prefixes: prefixes.value().unwrap_or(&[""]),
    })
}

/// One character.
fn separator(value: Value<'_>, report: &mut Report<'_>) -> Option<char> {
    let text = value.at_most(1).text(report)?;
    let mut characters = text.chars();
    if let (Some(character), None) = (characters.next(), characters.next()) {
        return Some(character);
    }
    let fault = format!("`{}` is not one character", value.key);
    report.add(
        value.at(),
        fault,
        format!("write, for example, {} = \",\"", value.key),
    );
    None
}

/// A well-formed template.
pub(super) fn template(value: Value<'_>, report: &mut Report<'_>) -> Option<Template> {
    let template = Template::new(value.text(report)?).taken_apart();
    if let Some(fault) = template.fault() {
        report.add(
            value.at(),
            fault,
            "write, for example, \"{json:id}\" or \"{timestamp}.{body}\"",
        );
        return None;
    }
    let fits = template.pieces().all(|piece| match piece {
        Piece::Value(place) => names_fit(place, value, report),
        _ => true,
    });
    fits.then_some(template)
}

pub(super) fn names_fit(place: Place, value: Value<'_>, report: &mut Report<'_>) -> bool {
    let is_empty = |name: &str| name.split(INTO).any(str::is_empty);
    if place.names().any(is_empty) {
        report.add(
            value.at(),
            format!("`{}` has an empty name in it", value.key),
            "alternatives are separated by one `|`, without white space",
        );
        return false;
    }
    if let Place::Header(_) = place
        && let Some(name) = place.outer_names().find(|name| !is_header_name(name))
    {
        report.add(
            value.at(),
            format!("`{}` is no header name", shown(name)),
            "header names have letters, digits and `-`; alternatives are separated by `|`",
        );
        return false;
    }
    true
}

/// The same as [`is_header_name`].
pub(super) const HEADER_NAME: &str = "^[0-9A-Za-z!#$%&'*+.^_`~-]+$";

/// The same, of alternatives.
const HEADER_NAMES: &str =
    "^[0-9A-Za-z!#$%&'*+.^_`~-]+(>[^|>]+)?(\\|[0-9A-Za-z!#$%&'*+.^_`~-]+(>[^|>]+)?)*$";

/// Alternatives of which none is empty.
const NAMES: &str = "^[^|]+(\\|[^|]+)*$";

/// Whether HTTP allows this name for a header.
pub(super) fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`~".contains(&b))
}
