//! What the reader asks of a file, found out by letting it read one that isn't there.
//!
//! The JSON Schema of `landfall.toml` is made of what is noted here, and so of the very calls that read the file: a key
//! that is read is in it, with what is read. In place of a table there is a [`TableProbe`], in place of a value a
//! [`Probe`]. A probe gives nothing: whoever reads it turns away, as from a value at fault. Where a reader first asks
//! what a value is (`is_text`), it is led both ways, one after the other.

use std::cell::{Cell, RefCell};

use super::shape::{Rule, Shape, TableShape, TextShape};

/// A value that notes what is asked of it.
#[derive(Debug, Default)]
pub(super) struct Probe {
    /// The answers of this way, as far as they are laid down; to further questions it says yes.
    answers: RefCell<Vec<bool>>,
    asked: Cell<usize>,
    noted: RefCell<Option<Noted>>,
}

#[derive(Debug)]
enum Noted {
    Shape(Shape),
    Table(&'static TableProbe),
}

/// A table that notes which keys are looked up, and what is asked of their values.
#[derive(Debug, Default)]
pub(super) struct TableProbe {
    keys: RefCell<Vec<(&'static str, Shape)>>,
    rules: RefCell<Vec<Rule>>,
    /// Of a table whose keys are the user's own, the value of any of them.
    any: RefCell<Option<&'static Probe>>,
    any_value: RefCell<Option<Shape>>,
    any_name: Cell<Option<&'static str>>,
    entries: Cell<(usize, Option<usize>)>,
}

impl Probe {
    /// What this reader asks of a value.
    pub(super) fn explore(mut read: impl FnMut(&'static Self)) -> Shape {
        let mut ways = Vec::new();
        let mut answers = Vec::new();
        loop {
            // A reader may keep what it reads for as long as the process lives.
            let probe: &'static Self = Box::leak(Box::new(Self {
                answers: RefCell::new(answers),
                ..Self::default()
            }));
            read(probe);
            ways.extend(probe.shape());
            // The last question that was answered with yes is answered with no the next time.
            answers = probe.answers.take();
            while answers.last() == Some(&false) {
                answers.pop();
            }
            match answers.last_mut() {
                Some(last) => *last = false,
                None => return Shape::either(ways),
            }
        }
    }

    /// Answers what the value is.
    pub(super) fn ask(&self) -> bool {
        let mut answers = self.answers.borrow_mut();
        let asked = self.asked.replace(self.asked.get() + 1);
        if asked == answers.len() {
            answers.push(true);
        }
        answers[asked]
    }

    /// Notes what the value must be. The first word counts: what a reader asks of a value twice it asks for one purpose.
    pub(super) fn note(&self, shape: Shape) {
        self.noted.borrow_mut().get_or_insert(Noted::Shape(shape));
    }

    /// Notes that the value must be a table.
    pub(super) fn table(&self) -> &'static TableProbe {
        let table: &'static TableProbe = Box::leak(Box::default());
        self.noted.borrow_mut().get_or_insert(Noted::Table(table));
        table
    }

    /// Notes what a text must be beside a text.
    pub(super) fn narrow(&self, narrow: impl FnOnce(&mut TextShape)) {
        if let Some(Noted::Shape(Shape::Text(text))) = self.noted.borrow_mut().as_mut() {
            narrow(text);
        }
    }

    fn shape(&self) -> Option<Shape> {
        Some(match self.noted.take()? {
            Noted::Shape(shape) => shape,
            Noted::Table(table) => Shape::Table(table.shape()),
        })
    }
}

impl TableProbe {
    pub(super) fn key(&self, key: &'static str, shape: Shape) {
        self.keys.borrow_mut().push((key, shape));
    }

    pub(super) fn rule(&self, rule: Rule) {
        self.rules.borrow_mut().push(rule);
    }

    /// Notes that the keys are the user's own, and returns the value of one of them.
    pub(super) fn any_key(&self) -> &'static Probe {
        let any: &'static Probe = Box::leak(Box::default());
        self.any.replace(Some(any));
        any
    }

    /// Notes that the keys are the user's own, and what the value of any of them must be.
    pub(super) fn any_value(&self, shape: Shape) {
        self.any_value.replace(Some(shape));
    }

    /// Notes what the user's own keys must look like.
    pub(super) fn name_keys(&self, pattern: &'static str) {
        self.any_name.set(Some(pattern));
    }

    /// Notes how many entries the table must have.
    pub(super) fn count(&self, least: usize, most: Option<usize>) {
        self.entries.set((least, most));
    }

    pub(super) fn shape(&self) -> TableShape {
        let mut keys = self.keys.take();
        keys.sort_by_key(|(key, _)| *key);
        TableShape {
            keys,
            rules: self.rules.take(),
            any: (self.any_value.take())
                .or_else(|| self.any.take().and_then(Probe::shape))
                .map(|shape| (self.any_name.get(), Box::new(shape))),
            entries: self.entries.get(),
        }
    }
}
