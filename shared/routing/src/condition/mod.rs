//! Whether a payload is what a route asks for; where it isn't, which field decided, and never by what value.

use std::{cell::RefCell, collections::BTreeMap, fmt};

use catalogue::condition::{Asked, Condition, Fields, Matcher, kinds};

use crate::{
    matcher::Leaf,
    payload::{Kind, Payload, Value},
};

/// Why a condition doesn't hold: the first thing that it asks for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The field, as a dotted path; empty for the payload itself.
    pub path: String,
    /// What is asked of it: `numeric`, `exact value or prefix`.
    pub kind: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "the payload ({})", self.kind)
        } else {
            write!(f, "`{}` ({})", self.path, self.kind)
        }
    }
}

/// Whether the condition holds for this payload.
pub fn holds(condition: &Condition, payload: &Payload<'_>) -> Result<(), Mismatch> {
    let root = payload.root();
    let mut comparison = Comparing {
        root,
        path: Vec::new(),
        somewhere: RefCell::default(),
    };
    if root.kind() != Kind::Object {
        return Err(comparison.mismatch("an object"));
    }
    comparison.object(&condition.root, Some(root))
}

struct Comparing<'c, 'p> {
    root: Value<'p>,
    /// The fields that lead to where the comparison is.
    path: Vec<&'c str>,
    /// The paths that have been asked for a value anywhere, and whether there is one: an array asks once for each element.
    somewhere: RefCell<BTreeMap<Vec<&'c str>, bool>>,
}

impl<'c, 'p> Comparing<'c, 'p> {
    /// Whether all of this holds of an object. `None`: there is none, so that only absence can be asked for.
    fn object(&mut self, fields: &'c Fields, object: Option<Value<'p>>) -> Result<(), Mismatch> {
        for (name, asked) in &fields.fields {
            self.path.push(name);
            let found = match object.map(|object| object.member(name)) {
                None => None,
                Some(Ok(found)) => found,
                Some(Err(_)) => return Err(self.mismatch("a name that stands once")),
            };
            match asked {
                Asked::Value(matchers) => self.value(matchers, found)?,
                Asked::Object(fields) => self.one_object(fields, found)?,
            }
            self.path.pop();
        }
        if fields.either.is_empty() {
            return Ok(());
        }
        for alternative in &fields.either {
            let depth = self.path.len();
            if self.object(alternative, object).is_ok() {
                return Ok(());
            }
            self.path.truncate(depth);
        }
        Err(self.mismatch("$or"))
    }

    fn value(&self, matchers: &[Matcher], found: Option<Value<'p>>) -> Result<(), Mismatch> {
        let leaves = found.into_iter().flat_map(Value::flattened);
        let is_asked_for = |leaf: Leaf<'_>| matchers.iter().any(|matcher| leaf.is(matcher));
        if leaves.filter_map(Leaf::read).any(is_asked_for) {
            return Ok(());
        }
        let may_be_absent = matchers.contains(&Matcher::Exists(false));
        if may_be_absent && !self.is_somewhere() {
            return Ok(());
        }
        Err(self.mismatch(&kinds(matchers)))
    }

    /// Whether all of this holds of one object: the one that is there, or one element of the array.
    fn one_object(&mut self, fields: &'c Fields, found: Option<Value<'p>>) -> Result<(), Mismatch> {
        let objects = found.into_iter().flat_map(Value::flattened);
        let mut objects = objects.filter(|value| value.kind() == Kind::Object);
        let depth = self.path.len();
        let first = self.object(fields, objects.next());
        if first.is_ok() {
            return Ok(());
        }
        self.path.truncate(depth);
        let mut others = 0_usize;
        for object in objects {
            others += 1;
            if self.object(fields, Some(object)).is_ok() {
                return Ok(());
            }
            self.path.truncate(depth);
        }
        if others == 0 {
            return first;
        }
        Err(self.mismatch("one element of which all holds"))
    }

    /// Whether there is a value at this path, in whichever elements of arrays.
    fn is_somewhere(&self) -> bool {
        if let Some(known) = self.somewhere.borrow().get(&self.path) {
            return *known;
        }
        let mut values = vec![self.root];
        let mut is_there = false;
        for name in &self.path {
            let objects = values.into_iter().flat_map(Value::flattened);
            let members = objects.map(|object| object.member(name));
            let members: Result<Vec<_>, _> = members.filter_map(Result::transpose).collect();
            // A name that stands twice is there.
            is_there = members.is_err();
            values = members.unwrap_or_default();
        }
        is_there |= (values.into_iter().flat_map(Value::flattened))
            .any(|value| Leaf::read(value).is_some());
        self.somewhere
            .borrow_mut()
            .insert(self.path.clone(), is_there);
        is_there
    }

    fn mismatch(&self, kind: &str) -> Mismatch {
        Mismatch {
            path: self.path.join("."),
            kind: kind.into(),
        }
    }
}

#[cfg(test)]
mod tests;
