//! The file as a tree: what stands where.
//!
//! A sound file's tree is built from the events of the parser that `toml` is built on, for fewer instructions and less memory
//! than `toml`'s own tree (`docs/evidence/start-up.md`). Every other file is read by `toml`, which finds what is wrong with it, and all that stands there nevertheless; and
//! so is the little that may be written and isn't, a date for one.

mod build;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use toml::{
    Spanned,
    de::{DeTable, DeValue, Error},
};

/// A value, and the byte of the file at which it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind {
    Text(&'static str),
    /// A whole number, unless 64 bits don't hold it.
    Integer(Option<i64>),
    Float(f64),
    Boolean(bool),
    Date,
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key of a table, and what it stands for. Those of a table are in the order of their keys.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: &'static str,
    pub(super) at: usize,
    pub(super) node: Node,
}

/// What stands in the file, and all that `toml` finds wrong with it.
pub(super) fn parse(text: &'static str) -> (Vec<Entry>, Vec<Error>) {
    if let Some(entries) = build::sound(text) {
        return (entries, Vec::new());
    }
    let (document, faults) = DeTable::parse_recoverable(text);
    (entries(document.into_inner()), faults)
}

/// What stands in a table of `toml`'s.
fn entries(table: DeTable<'static>) -> Vec<Entry> {
    let entries = table.into_iter().map(|(key, value)| Entry {
        at: key.span().start,
        key: kept(key.into_inner()),
        node: node(value),
    });
    entries.collect()
}

fn node(value: Spanned<DeValue<'static>>) -> Node {
    Node {
        at: value.span().start,
        kind: match value.into_inner() {
            DeValue::String(text) => Kind::Text(kept(text)),
            DeValue::Integer(number) => Kind::integer(number.as_str(), number.radix()),
            DeValue::Float(number) => Kind::float(number.as_str()),
            DeValue::Boolean(is) => Kind::Boolean(is),
            DeValue::Datetime(_) => Kind::Date,
            DeValue::Array(items) => Kind::List(items.into_iter().map(node).collect()),
            DeValue::Table(table) => Kind::Table(entries(table)),
        },
    }
}

impl Kind {
    fn integer(digits: &str, radix: u32) -> Self {
        Self::Integer(i64::from_str_radix(digits, radix).ok())
    }

    /// What the parser takes for one has a form that Rust takes, too.
    fn float(digits: &str) -> Self {
        Self::Float(digits.parse().unwrap_or(f64::NAN))
    }
}

/// A text that lives as long as what is read of the file.
fn kept(text: Cow<'static, str>) -> &'static str {
    match text {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => text.leak(),
    }
}
