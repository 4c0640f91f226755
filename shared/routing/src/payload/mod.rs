//! A JSON payload, read once and without loss: each value stays where it stands in the text, and numbers and names as they
//! are written.
//!
//! The values lie in one list in the order of the text, each with the place of what follows it. Nothing here recurses, so
//! that no nesting can exhaust the stack.

use std::borrow::Cow;

use serde::de::IgnoredAny;

/// More values than this, and the list of them would take more memory than a function has to spare.
const MOST_VALUES: usize = 1_000_000;

/// A JSON document. It never shows what it says.
pub struct Payload<'a> {
    text: Cow<'a, str>,
    nodes: Vec<Node>,
}

/// A value of a [`Payload`], or a member's name.
#[derive(Clone, Copy)]
struct Node {
    /// Where its text begins and ends.
    start: u32,
    end: u32,
    /// The node that follows it and all that is in it.
    next: u32,
}

/// A value within a payload.
#[derive(Clone, Copy)]
pub struct Value<'p> {
    payload: &'p Payload<'p>,
    at: usize,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind<'p> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as it is written.
    Number(&'p str),
    /// A string.
    Text,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// A name stands twice in its object: two readers of the same bytes must never see two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Twice;

impl<'a> Payload<'a> {
    /// Reads a document; the error says why it can't be read.
    pub fn read(text: impl Into<Cow<'a, str>>) -> Result<Self, &'static str> {
        let text = text.into();
        // Strict, and of constant stack. What follows can take the text for sound.
        serde_json::from_str::<IgnoredAny>(&text).map_err(|_| "it is no readable JSON")?;
        let nodes = nodes(&text)?;
        Ok(Self { text, nodes })
    }

    /// The document's value.
    #[must_use]
    pub fn root(&self) -> Value<'_> {
        Value {
            payload: self,
            at: 0,
        }
    }
}

impl std::fmt::Debug for Payload<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes of JSON", self.text.len())
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes of JSON", self.raw().len())
    }
}

/// The values of a sound document, and the names of its members.
fn nodes(text: &str) -> Result<Vec<Node>, &'static str> {
    const TOO_LONG: &str = "it is too long to be read as JSON";
    let bytes = text.as_bytes();
    let place = |at: usize| u32::try_from(at).map_err(|_| TOO_LONG);
    place(bytes.len())?;
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let end = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | b':' => {
                at += 1;
                continue;
            }
            b'}' | b']' => {
                at += 1;
                let next = place(nodes.len())?;
                if let Some(node) = open.pop().and_then(|opened| nodes.get_mut(opened)) {
                    node.end = place(at)?;
                    node.next = next;
                }
                continue;
            }
            b'{' | b'[' => {
                open.push(nodes.len());
                at + 1
            }
            b'"' => end_of_text(bytes, at),
            _ => {
                let ends = |byte: &u8| b" \t\n\r,:}]".contains(byte);
                let length = bytes[at..].iter().position(ends);
                length.map_or(bytes.len(), |length| at + length)
            }
        };
        if nodes.len() == MOST_VALUES {
            return Err("it has too many values to be read as JSON");
        }
        nodes.push(Node {
            start: place(at)?,
            end: place(end)?,
            next: place(nodes.len() + 1)?,
        });
        at = end;
    }
    Ok(nodes)
}

/// Where a string ends that begins here.
fn end_of_text(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

impl<'p> Value<'p> {
    fn node(self) -> Node {
        self.payload.nodes[self.at]
    }

    fn sibling(self, at: u32) -> Self {
        Self {
            at: at as usize,
            ..self
        }
    }

    /// Its text, as it is written.
    #[must_use]
    pub fn raw(self) -> &'p str {
        let Node { start, end, .. } = self.node();
        &self.payload.text[start as usize..end as usize]
    }

    /// What it is.
    #[must_use]
    pub fn kind(self) -> Kind<'p> {
        let raw = self.raw();
        match raw.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b'"') => Kind::Text,
            Some(b't') => Kind::Bool(true),
            Some(b'f') => Kind::Bool(false),
            Some(b'n') => Kind::Null,
            _ => Kind::Number(raw),
        }
    }

    /// A string's text. `None` where it is no string, or holds half a surrogate pair.
    #[must_use]
    pub fn text(self) -> Option<Cow<'p, str>> {
        let raw = self.raw();
        let inner = raw.strip_prefix('"')?.strip_suffix('"')?;
        if inner.contains('\\') {
            serde_json::from_str(raw).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    /// The member of this name, if this is an object that has one.
    pub fn member(self, name: &str) -> Result<Option<Self>, Twice> {
        if self.kind() != Kind::Object {
            return Ok(None);
        }
        let mut found = None;
        let mut named = self.sibling(self.node().next);
        let end = named.at;
        named.at = self.at + 1;
        while named.at < end {
            let value = Self {
                at: named.at + 1,
                ..self
            };
            if named.text().is_some_and(|known| known == name) && found.replace(value).is_some() {
                return Err(Twice);
            }
            named = self.sibling(value.node().next);
        }
        Ok(found)
    }

    /// The element at this position, if this is an array that has one.
    #[must_use]
    pub fn element(self, position: usize) -> Option<Self> {
        if self.kind() != Kind::Array {
            return None;
        }
        let end = self.node().next as usize;
        let mut element = Self {
            at: self.at + 1,
            ..self
        };
        for _ in 0..position {
            if element.at >= end {
                return None;
            }
            element = self.sibling(element.node().next);
        }
        (element.at < end).then_some(element)
    }

    /// The value at a dotted path, whose numbers are positions in arrays.
    pub fn at(self, path: &str) -> Result<Option<Self>, Twice> {
        let mut found = self;
        for name in path.split('.') {
            let step = match name.parse() {
                Ok(position) if found.kind() == Kind::Array => found.element(position),
                _ => found.member(name)?,
            };
            match step {
                Some(value) => found = value,
                None => return Ok(None),
            }
        }
        Ok(Some(found))
    }

    /// This value itself, or, of an array, its elements and those of arrays within it: what is no array.
    pub fn flattened(self) -> impl Iterator<Item = Self> {
        let end = self.node().next as usize;
        let mut at = self.at;
        std::iter::from_fn(move || {
            while at < end {
                let value = Self { at, ..self };
                if value.kind() == Kind::Array {
                    at += 1;
                } else {
                    at = value.node().next as usize;
                    return Some(value);
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests;
