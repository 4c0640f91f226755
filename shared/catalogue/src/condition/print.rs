//! Writes a pattern as EventBridge takes it.

use std::fmt;

use serde_json::{Map, Number, Value};

use super::{Asked, Case, Condition, Excluded, Fields, Matcher, TextPattern, Wildcard};
use crate::decimal::Decimal;

impl Condition {
    /// The pattern as JSON. [`Condition::read`] makes the same condition of it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        self.root.to_json()
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_json().fmt(f)
    }
}

impl Fields {
    fn to_json(&self) -> Value {
        let mut object: Map<String, Value> = self
            .fields
            .iter()
            .map(|(name, asked)| (name.clone(), asked.to_json()))
            .collect();
        if !self.either.is_empty() {
            object.insert(
                "$or".into(),
                self.either.iter().map(Self::to_json).collect(),
            );
        }
        object.into()
    }
}

impl Asked {
    fn to_json(&self) -> Value {
        match self {
            Self::Value(matchers) => matchers.iter().map(Matcher::to_json).collect(),
            Self::Object(fields) => fields.to_json(),
        }
    }
}

impl Matcher {
    fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => (*value).into(),
            Self::Text(text) => text.as_str().into(),
            Self::Integer(number) => numeral(number),
            Self::Like(pattern) => operation(pattern.operator(), pattern.operand()),
            Self::Numeric(comparisons) => {
                let operand = comparisons
                    .iter()
                    .flat_map(|(sign, number)| [sign.sign().into(), numeral(number)]);
                operation("numeric", operand.collect())
            }
            Self::Cidr(network) => operation("cidr", network.to_string().into()),
            Self::Exists(exists) => operation("exists", (*exists).into()),
            Self::AnythingBut(excluded) => operation("anything-but", excluded.to_json()),
        }
    }
}

impl Excluded {
    fn to_json(&self) -> Value {
        match self {
            Self::Texts(texts) => texts.iter().map(String::as_str).collect(),
            Self::Numbers(numbers) => numbers.iter().map(numeral).collect(),
            Self::Like(patterns) => {
                let operator = patterns.first().map_or("prefix", TextPattern::operator);
                let operands = patterns.iter().map(TextPattern::operand);
                operation(operator, operands.collect())
            }
        }
    }
}

impl TextPattern {
    fn operand(&self) -> Value {
        match self {
            Self::Prefix(text, Case::Counts)
            | Self::Suffix(text, Case::Counts)
            | Self::EqualsIgnoreCase(text) => text.as_str().into(),
            Self::Prefix(text, Case::Ignored) | Self::Suffix(text, Case::Ignored) => {
                operation("equals-ignore-case", text.as_str().into())
            }
            Self::Wildcard(Wildcard { pieces }) => {
                let escaped = pieces
                    .iter()
                    .map(|piece| piece.replace('\\', r"\\").replace('*', r"\*"));
                escaped.collect::<Vec<_>>().join("*").into()
            }
        }
    }
}

fn operation(operator: &str, operand: Value) -> Value {
    Value::Object([(operator.to_owned(), operand)].into_iter().collect())
}

/// What the reader lets in is a number of JSON's, and printed as one.
fn numeral(number: &Decimal) -> Value {
    number
        .to_string()
        .parse::<Number>()
        .map_or(Value::Null, Value::Number)
}
