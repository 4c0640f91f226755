//! What is wrong with a condition or a reshape, and where in it.

use std::fmt;

/// A fault within a value of `landfall.toml` that has a language of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misread {
    /// The names and positions that lead to it, from the value's root: `data`, `$or`, `1`.
    pub path: Vec<String>,
    /// What is wrong.
    pub fault: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "`{}`: ", self.path.join("."))?;
        }
        write!(f, "{}; {}", self.fault, self.mend)
    }
}

/// Gathers faults on the way through a value.
#[derive(Default)]
pub(crate) struct Misreads {
    path: Vec<String>,
    found: Vec<Misread>,
}

impl Misreads {
    pub(crate) fn add(&mut self, fault: impl Into<String>, mend: impl Into<String>) {
        self.found.push(Misread {
            path: self.path.clone(),
            fault: fault.into(),
            mend: mend.into(),
        });
    }

    /// Notes the faults that `read` finds below this name.
    pub(crate) fn below<T>(&mut self, name: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(name.to_owned());
        let value = read(self);
        self.path.pop();
        value
    }

    pub(crate) fn depth(&self) -> usize {
        self.path.len()
    }

    /// The value, if there was nothing wrong with it.
    pub(crate) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Misread>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self.found),
        }
    }
}
