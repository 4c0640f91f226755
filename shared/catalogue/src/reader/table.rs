//! Tables and values of the file, read with a word about everything that doesn't fit.

use std::{borrow::Cow, ops::RangeInclusive};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::report::{Report, enumerate, meant};

/// A setting that a table may have.
#[derive(Clone, Debug, Default)]
pub(super) enum Slot<T> {
    /// It isn't there.
    #[default]
    Absent,
    /// It is there, or was meant to be, and the report says what is wrong with it.
    Faulty,
    /// It is there, at this byte.
    Given(usize, T),
}

impl<T> Slot<T> {
    /// This setting, or else the other one.
    pub(super) fn or(self, other: Self) -> Self {
        if matches!(self, Self::Absent) {
            other
        } else {
            self
        }
    }

    pub(super) fn value(self) -> Option<T> {
        match self {
            Self::Given(_, value) => Some(value),
            Self::Absent | Self::Faulty => None,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    pub(super) fn is_faulty(&self) -> bool {
        matches!(self, Self::Faulty)
    }
}

/// A table, of which only known keys are read.
pub(super) struct Table<'a> {
    entries: &'a DeTable<'static>,
    misspelt: Vec<&'static str>,
}

/// A value and the key it stands under.
#[derive(Clone, Copy)]
pub(super) struct Value<'a> {
    pub(super) key: &'a str,
    item: &'a Spanned<DeValue<'static>>,
}

impl<'a> Table<'a> {
    /// Reports every key that isn't known.
    pub(super) fn open(
        entries: &'a DeTable<'static>,
        known: &[&'static str],
        report: &mut Report<'_>,
    ) -> Self {
        let mut misspelt = Vec::new();
        for key in entries.keys() {
            let name: &str = key.get_ref();
            if known.contains(&name) {
                continue;
            }
            let guess = meant(name, known.iter().copied());
            let mend = match guess {
                Some(word) => format!("did you mean `{word}`?"),
                None => format!("the keys here are {}", enumerate(known.iter().copied())),
            };
            report.add(
                key.span().start,
                format!("unknown key `{}`", shown(name)),
                mend,
            );
            misspelt.extend(guess);
        }
        Self { entries, misspelt }
    }

    /// Whether this key is there.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// Reads one setting.
    pub(super) fn slot<T>(
        &self,
        key: &'static str,
        report: &mut Report<'_>,
        read: impl FnOnce(Value<'a>, &mut Report<'_>) -> Option<T>,
    ) -> Slot<T> {
        match self.entries.get(key) {
            Some(item) => match read(Value { key, item }, report) {
                Some(value) => Slot::Given(item.span().start, value),
                None => Slot::Faulty,
            },
            None if self.misspelt.contains(&key) => Slot::Faulty,
            None => Slot::Absent,
        }
    }
}

impl<'a> Value<'a> {
    pub(super) fn new(key: &'a str, item: &'a Spanned<DeValue<'static>>) -> Self {
        Self { key, item }
    }

    pub(super) fn at(self) -> usize {
        self.item.span().start
    }

    pub(super) fn is_text(self) -> bool {
        self.item.get_ref().is_str()
    }

    pub(super) fn is_list(self) -> bool {
        self.item.get_ref().is_array()
    }

    pub(super) fn is_integer(self) -> bool {
        self.item.get_ref().is_integer()
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
        match self.item.get_ref() {
            DeValue::String(Cow::Borrowed(text)) => Some(text),
            DeValue::String(Cow::Owned(text)) => Some(text.clone().leak()),
            _ => self.is_not("a text", format!("write {} = \"…\"", self.key), report),
        }
    }

    /// `true`, for what is said by saying it: `false` is said by leaving the key out.
    pub(super) fn yes(self, report: &mut Report<'_>) -> Option<()> {
        if self.item.get_ref().as_bool() == Some(true) {
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
        let number = self
            .item
            .get_ref()
            .as_integer()
            .and_then(|number| i64::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| range.contains(number))
            .and_then(|number| N::try_from(number).ok());
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
    pub(super) fn list(self, report: &mut Report<'_>) -> Option<Vec<Value<'a>>> {
        match self.item.get_ref() {
            DeValue::Array(items) if items.is_empty() => {
                report.add(
                    self.at(),
                    format!("`{}` is an empty list", self.key),
                    "name what belongs to it, or leave the key out",
                );
                None
            }
            DeValue::Array(items) => Some(
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
        let read: Vec<Option<T>> = self
            .list(report)?
            .into_iter()
            .map(|item| read(item, report))
            .collect();
        read.into_iter().collect()
    }

    /// A table.
    pub(super) fn table(
        self,
        example: &str,
        report: &mut Report<'_>,
    ) -> Option<&'a DeTable<'static>> {
        match self.item.get_ref() {
            DeValue::Table(table) => Some(table),
            _ => self.is_not("a table", format!("write {example}"), report),
        }
    }
}

/// A piece of the file, short and on one line, for a fault's text.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.escape_debug().take(60).collect();
    if shown.len() < text.len() && text.chars().count() > 60 {
        shown.push('…');
    }
    shown
}
