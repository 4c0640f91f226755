//! The bill of a month: what each line costs. Nothing here knows a price: they come in.

use super::{
    data::{Measured, Prices, Stack},
    lines,
};

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    /// Events of a month.
    pub(super) events: f64,
    /// The size of their bodies.
    pub(super) body: f64,
    /// How many sources they come to, evenly.
    pub(super) sources: f64,
    /// For how many days they are kept.
    pub(super) retention_days: f64,
    /// For how many seconds tickets are gathered.
    pub(super) window: f64,
    /// Whether an HTTP API stands before ingest, or a function URL.
    pub(super) has_api: bool,
    /// Whether each source has metrics of its own.
    pub(super) source_metrics: bool,
}

/// What makes a line grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grows {
    /// The number of events.
    WithEvents,
    /// Nothing: it is there as soon as events come.
    WithUse,
    /// Nothing: it is there at rest, too, for what the stack does by itself.
    Not,
    /// Nothing: it is there for as long as the template has so many of these.
    Had,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) service: &'static str,
    pub(super) what: &'static str,
    pub(super) price: &'static str,
    pub(super) quantity: f64,
    pub(super) grows: Grows,
}

/// All lines.
pub(super) struct Bill {
    pub(super) lines: Vec<Line>,
    list: Prices,
    events: f64,
}

impl Bill {
    /// What this comes to.
    pub(super) fn of(asked: &Asked, measured: &Measured, stack: &Stack, prices: Prices) -> Self {
        Self {
            lines: lines::of(asked, measured, stack),
            list: prices,
            events: asked.events,
        }
    }

    /// Where the prices are from.
    pub(super) const fn prices(&self) -> &Prices {
        &self.list
    }

    /// What a line costs a month.
    pub(super) fn usd(&self, line: &Line) -> f64 {
        let price = self.list.of(line.price);
        line.quantity / price.per * price.usd
    }

    /// What it costs a month in all.
    pub(super) fn total(&self) -> f64 {
        self.lines.iter().map(|line| self.usd(line)).sum()
    }

    /// What of that grows so.
    pub(super) fn growing(&self, grows: Grows) -> f64 {
        let lines = self.lines.iter().filter(|line| line.grows == grows);
        // The sum of nothing is minus zero.
        lines
            .map(|line| self.usd(line))
            .fold(0.0, |sum, usd| sum + usd)
    }

    /// What a million events more cost.
    pub(super) fn per_million(&self) -> f64 {
        if self.events > 0.0 {
            self.growing(Grows::WithEvents) / self.events * 1e6
        } else {
            0.0
        }
    }
}
