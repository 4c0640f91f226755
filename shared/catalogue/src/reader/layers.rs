//! A table that the operator names, and the tables below it that say what differs in an environment: `[sources.shop]` and
//! `[sources.shop.live]`.

use std::borrow::Cow;

use crate::source::Environment;

use super::{
    report::Report,
    slot::Slot,
    table::{Entries, Table},
};

pub(super) const ENVIRONMENTS: [(&str, Environment); 3] = [
    ("local", Environment::Local),
    ("test", Environment::Test),
    ("live", Environment::Live),
];

/// What a table says. What is absent is said by another table, or by a default.
pub(super) trait Layer: Clone {
    /// Of what it is a table: `source`.
    const NOUN: &'static str;
    /// What such a name is for, behind the rule for names.
    const NAME_IS: &'static str = "";
    /// Names that Landfall has for itself.
    const RESERVED: &'static [&'static str] = &[];
    /// The settings that it may have in every environment.
    const SETTINGS: &'static [&'static str];

    fn read(table: &Table<'_>, report: &mut Report<'_>) -> Self;

    /// These settings, and those of the other table where these are silent.
    fn or(self, base: Self) -> Self;
}

/// A table, and what differs from it.
pub(super) struct Layers<L> {
    base: L,
    /// Where there is such a thing.
    pub(super) environments: Cow<'static, [Environment]>,
    /// What differs there.
    differing: Vec<(Environment, L)>,
}

impl<L: Layer> Layers<L> {
    pub(super) fn read(entries: Entries<'_>, report: &mut Report<'_>) -> Self {
        let environments = ENVIRONMENTS.map(|(name, _)| name);
        let known = [L::SETTINGS, &["environments"], &environments];
        let table = Table::open_of(entries, &known, report);
        let listed = table.slot("environments", report, |value, report| {
            value.list_of(report, |item, report| item.word(&ENVIRONMENTS, report))
        });
        let restricted = matches!(listed, Slot::Given(..));
        let environments =
            (listed.value()).map_or(Cow::Borrowed(&Environment::ALL[..]), Cow::Owned);
        let noun = L::NOUN;
        let mut differing = Vec::new();
        for (name, environment) in ENVIRONMENTS {
            let layer = table.slot(name, report, |value, report| {
                let entries = value.table(&format!("a table [{noun}s.name.{name}]"), report)?;
                let table = Table::open(entries, L::SETTINGS, report);
                Some(L::read(&table, report))
            });
            if let Slot::Given(at, layer) = layer {
                if restricted && !environments.contains(&environment) {
                    report.add(
                        at,
                        format!("the {noun} is not configured in the environment `{name}`"),
                        format!("add \"{name}\" to `environments`, or drop this table"),
                    );
                }
                differing.push((environment, layer));
            }
        }
        Self {
            base: L::read(&table, report),
            environments,
            differing,
        }
    }

    /// What counts in this environment.
    pub(super) fn of(&self, environment: Environment) -> Cow<'_, L> {
        match self.differing(environment) {
            Some(layer) => Cow::Owned(layer.clone().or(self.base.clone())),
            None => Cow::Borrowed(&self.base),
        }
    }

    /// The environments that are to be checked, the wanted one first: of those in which nothing differs one, for they
    /// have the same faults.
    pub(super) fn to_check(&self, wanted: Environment) -> impl Iterator<Item = Environment> {
        let is_there = self.environments.contains(&wanted);
        let others = self.environments.iter().copied();
        let others = others.filter(move |environment| *environment != wanted);
        let mut has_plain = false;
        (is_there.then_some(wanted).into_iter().chain(others)).filter(move |environment| {
            self.differing(*environment).is_some() || !std::mem::replace(&mut has_plain, true)
        })
    }

    fn differing(&self, environment: Environment) -> Option<&L> {
        let mut differing = self.differing.iter();
        let found = differing.find(|(of, _)| *of == environment)?;
        Some(&found.1)
    }
}
