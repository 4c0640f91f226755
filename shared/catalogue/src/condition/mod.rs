//! What a route asks of a payload: EventBridge's pattern language, as far as a plain reading and AWS agree.
//!
//! Here is the pattern as data, and its reader, [`Condition::read`]; `routing` compares it with payloads.
//! `docs/routing.md` has the language, what is refused, and why.

mod matcher;
mod print;
mod read;

use std::collections::BTreeSet;

use ipnet::IpNet;

use crate::decimal::Decimal;

/// A pattern that holds for a payload or doesn't.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// What is asked of the payload, which must be an object.
    pub root: Fields,
}

/// What is asked of one object. All of it must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// By name.
    pub fields: Vec<(String, Asked)>,
    /// `$or`: one of these must hold too. Empty where there is none. Their fields are never also fields of the
    /// object itself, so that the order in which they are written says nothing.
    pub either: Vec<Fields>,
}

/// What is asked of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Its value, or an element of it, is one of these.
    Value(Vec<Matcher>),
    /// It is an object, or has one as an element, of which this holds.
    Object(Fields),
}

/// What is asked of a value: a text, a number, `true`, `false` or `null`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// `null`, which is neither absent nor an empty text.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// This text.
    Text(String),
    /// An integer. `5`, `5.0` and `5e0` are the same one.
    Integer(Decimal),
    /// A text of this form.
    Like(TextPattern),
    /// All of these comparisons hold: one, or a range's lower and upper end.
    Numeric(Vec<(Comparison, Decimal)>),
    /// An address in this network.
    Cidr(IpNet),
    /// Whether there is a value at all.
    Exists(bool),
    /// A value that is none of these.
    AnythingBut(Excluded),
}

/// A form of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TextPattern {
    /// It begins so.
    Prefix(String, Case),
    /// It ends so.
    Suffix(String, Case),
    /// It is this text of ASCII, in capitals or not.
    EqualsIgnoreCase(String),
    /// It is this text, with anything for each star.
    Wildcard(Wildcard),
}

/// Whether capitals count. Where they don't, the text is ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// They do.
    Counts,
    /// They don't.
    Ignored,
}

/// A text with stars, each of which stands for any characters, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    /// What stands before, between and behind the stars: one more than there are stars.
    pub pieces: Vec<String>,
}

/// How a number stands to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What a value must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excluded {
    /// Any of these texts.
    Texts(Vec<String>),
    /// Any of these numbers.
    Numbers(Vec<Decimal>),
    /// A text of any of these forms, all of one operator.
    Like(Vec<TextPattern>),
}

impl Matcher {
    /// What it is called in a pattern.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null | Self::Bool(_) | Self::Text(_) | Self::Integer(_) => "exact value",
            Self::Like(pattern) => pattern.operator(),
            Self::Numeric(_) => "numeric",
            Self::Cidr(_) => "cidr",
            Self::Exists(_) => "exists",
            Self::AnythingBut(_) => "anything-but",
        }
    }
}

impl TextPattern {
    /// The operator that it is written with.
    #[must_use]
    pub const fn operator(&self) -> &'static str {
        match self {
            Self::Prefix(..) => "prefix",
            Self::Suffix(..) => "suffix",
            Self::EqualsIgnoreCase(_) => "equals-ignore-case",
            Self::Wildcard(_) => "wildcard",
        }
    }
}

/// The kinds of a field's matchers in words: `numeric`, `exact value or prefix`.
#[must_use]
pub fn kinds(matchers: &[Matcher]) -> String {
    let kinds: BTreeSet<_> = matchers.iter().map(Matcher::kind).collect();
    kinds.into_iter().collect::<Vec<_>>().join(" or ")
}

impl Comparison {
    /// As it is written.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

#[cfg(test)]
mod tests;
