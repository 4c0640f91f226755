//! Values of the file, read with a word about everything that doesn't fit.

use std::ops::RangeInclusive;

use super::{
    probe::Probe,
    report::{Report, enumerate, meant, shown},
    shape::{Shape, TextShape},
    table::Entries,
    tree::{Kind, Node},
};

/// A value and the key it stands under.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    item: Item<'a>,
}

#[derive(Clone, Copy)]
enum Item<'a> {
    File(&'a Node),
    Probe(&'static Probe),
}

impl<'a> Value<'a> {
    pub(super) fn new(key: &'a str, node: &'a Node) -> Self {
        let item = Item::File(node);
        Self { key, item }
    }

    pub(super) fn probe(key: &'a str, probe: &'static Probe) -> Self {
        let item = Item::Probe(probe);
        Self { key, item }
    }

    /// The same value by another name.
    pub(super) fn called(self, key: &'a str) -> Self {
        Self { key, ..self }
    }

    pub(super) fn at(self) -> usize {
        match self.item {
            Item::File(node) => node.at,
            Item::Probe(_) => 0,
        }
    }

    fn is(self, is_so: impl FnOnce(&Kind) -> bool) -> bool {
        match self.item {
            Item::File(node) => is_so(&node.kind),
            Item::Probe(probe) => probe.ask(),
        }
    }

    pub(super) fn is_text(self) -> bool {
        self.is(|kind| matches!(kind, Kind::Text(_)))
    }

    pub(super) fn is_list(self) -> bool {
        self.is(|kind| matches!(kind, Kind::List(_)))
    }

    pub(super) fn is_integer(self) -> bool {
        self.is(|kind| matches!(kind, Kind::Integer(_)))
    }

    /// The value of the file. A probe notes what it should be.
    fn or_note(self, shape: impl FnOnce() -> Shape) -> Option<&'a Kind> {
        match self.item {
            Item::File(node) => Some(&node.kind),
            Item::Probe(probe) => {
                probe.note(shape());
                None
            }
        }
    }

    /// What stands in the file, where there is a file.
    pub(super) fn file(self) -> Option<&'a Node> {
        match self.item {
            Item::File(node) => Some(node),
            Item::Probe(_) => None,
        }
    }

    /// Notes what it should be, for the schema.
    pub(super) fn noted(self, shape: Shape) {
        let _ = self.or_note(|| shape);
    }

    /// What a text is held to after it was read, as a regular expression, for the schema.
    pub(super) fn like(self, pattern: &'static str) -> Self {
        self.narrow(|text| text.pattern = Some(pattern))
    }

    /// The same, of a text that may be empty.
    pub(super) fn like_or_empty(self, pattern: &'static str) -> Self {
        self.narrow(|text| {
            text.least = 0;
            text.pattern = Some(pattern);
        })
    }

    /// How many characters a text may have, for the schema.
    pub(super) fn at_most(self, characters: usize) -> Self {
        self.narrow(|text| text.most = Some(characters))
    }

    fn narrow(self, narrow: impl FnOnce(&mut TextShape)) -> Self {
        if let Item::Probe(probe) = self.item {
            probe.note(Shape::Text(TextShape {
                least: 1,
                ..TextShape::default()
            }));
            probe.narrow(narrow);
        }
        self
    }

    /// The words that a text is looked up among, for the schema.
    pub(super) fn among(self, words: impl Iterator<Item = &'static str>) -> Self {
        if let Item::Probe(probe) = self.item {
            probe.note(Shape::Words(words.collect()));
        }
        self
    }

    fn is_not<T>(
        self,
        wanted: &str,
        mend: impl Into<String>,
        report: &mut Report<'_>,
    ) -> Option<T> {
        let fault = format!("`{}` is not {wanted}", self.key);
        report.add(self.at(), fault, mend);
        None
    }

    /// A text that is not empty.
    pub(super) fn text(self, report: &mut Report<'_>) -> Option<&'static str> {
        self.or_note(|| {
            Shape::Text(TextShape {
                least: 1,
                ..TextShape::default()
            })
        })?;
        let text = self.any_text(report)?;
        if text.is_empty() {
            report.add(
                self.at(),
                format!("`{}` is empty", self.key),
                "write a value, or leave the key out",
            );
            return None;
        }
        Some(text)
    }

    /// A text.
    pub(super) fn any_text(self, report: &mut Report<'_>) -> Option<&'static str> {
        match self.or_note(|| Shape::Text(TextShape::default()))? {
            Kind::Text(text) => Some(text),
            _ => self.is_not("a text", format!("write {} = \"…\"", self.key), report),
        }
    }

    /// `true`, for what is said by saying it: `false` is said by leaving the key out.
    pub(super) fn yes(self, report: &mut Report<'_>) -> Option<()> {
        if let Kind::Boolean(true) = self.or_note(|| Shape::Yes)? {
            return Some(());
        }
        let mend = format!("write {} = true, or leave it out", self.key);
        self.is_not("`true`", mend, report)
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(
        self,
        words: &[(&'static str, T)],
        report: &mut Report<'_>,
    ) -> Option<T> {
        self.or_note(|| Shape::Words(words.iter().map(|(word, _)| *word).collect()))?;
        let text = self.text(report)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        let known = || words.iter().map(|(word, _)| *word);
        report.add(
            self.at(),
            format!("`{}` can't be `{}`", self.key, shown(text)),
            match meant(text, known()) {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("choose one of {}", enumerate(known())),
            },
        );
        None
    }

    /// A whole number in this range.
    pub(super) fn number<N: TryFrom<i64>>(
        self,
        range: RangeInclusive<i64>,
        report: &mut Report<'_>,
    ) -> Option<N> {
        let number = match self.or_note(|| Shape::Number(*range.start(), *range.end()))? {
            Kind::Integer(number) => number
                .filter(|number| range.contains(number))
                .and_then(|number| N::try_from(number).ok()),
            _ => None,
        };
        if number.is_none() {
            let (from, to) = range.into_inner();
            return self.is_not(
                &format!("a whole number from {from} to {to}"),
                format!("write {} = {}", self.key, from.max(1)),
                report,
            );
        }
        number
    }

    /// A list that is not empty.
    fn list(self, report: &mut Report<'_>) -> Option<Vec<Value<'a>>> {
        match self.or_note(|| Shape::List(Box::new(Shape::Either(Vec::new()))))? {
            Kind::List(items) if items.is_empty() => {
                report.add(
                    self.at(),
                    format!("`{}` is an empty list", self.key),
                    "name what belongs to it, or leave the key out",
                );
                None
            }
            Kind::List(items) => Some(
                items
                    .iter()
                    .map(|item| Value::new(self.key, item))
                    .collect(),
            ),
            _ => self.is_not("a list", format!("write {} = [\"…\"]", self.key), report),
        }
    }

    /// A list of which each item can be read; every one that can't is reported.
    pub(super) fn list_of<T>(
        self,
        report: &mut Report<'_>,
        mut read: impl FnMut(Value<'a>, &mut Report<'_>) -> Option<T>,
    ) -> Option<Vec<T>> {
        if let Item::Probe(probe) = self.item {
            let item = Probe::explore(|item| {
                read(Value::probe(self.key, item), report);
            });
            probe.note(Shape::List(Box::new(item)));
            return None;
        }
        let read: Vec<Option<T>> = self
            .list(report)?
            .into_iter()
            .map(|item| read(item, report))
            .collect();
        read.into_iter().collect()
    }

    /// A table.
    pub(super) fn table(self, example: &str, report: &mut Report<'_>) -> Option<Entries<'a>> {
        let node = match self.item {
            Item::File(node) => node,
            Item::Probe(probe) => return Some(Entries::Probe(probe.table())),
        };
        match &node.kind {
            Kind::Table(entries) => Some(Entries::File(entries)),
            _ => self.is_not("a table", format!("write {example}"), report),
        }
    }
}
