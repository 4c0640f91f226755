//! Reads a pattern's objects: field names, nesting, `$or`.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Asked, Condition, Fields, matcher::matcher};
use crate::misread::{Misread, Misreads};

/// How deep objects may be nested, so that neither reading nor comparing can run out of stack.
const DEEPEST: usize = 32;

/// EventBridge's limit for what a pattern's `$or` multiply to.
const MOST_COMBINATIONS: usize = 1_000;

const OR: &str = "$or";

/// Names that EventBridge keeps for itself within `$or`: with one of them it takes `$or` for a field.
const RESERVED_IN_OR: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

impl Condition {
    /// Reads a pattern, or says all that is wrong with it.
    pub fn read(pattern: &Value) -> Result<Self, Vec<Misread>> {
        let mut misreads = Misreads::default();
        let root = if let Value::Object(object) = pattern {
            fields(object, Place::Root, &mut misreads)
        } else {
            misreads.add(
                "a condition is a table of fields",
                "write it as `{ FIELD = [VALUE] }`",
            );
            None
        };
        if combinations(pattern, 0) > MOST_COMBINATIONS {
            misreads.add(
                "EventBridge makes more than 1000 rules of its `$or`",
                "write fewer alternatives, or several routes",
            );
        }
        misreads.finish(root.map(|root| Self { root }))
    }
}

/// Where an object of a pattern stands.
#[derive(Clone, Copy)]
enum Place<'a> {
    Root,
    /// It is a field's.
    Field {
        in_or: bool,
    },
    /// It is an alternative of `$or`, beside fields of these names.
    Alternative {
        beside: &'a BTreeSet<&'a str>,
    },
}

fn fields(
    object: &Map<String, Value>,
    place: Place<'_>,
    misreads: &mut Misreads,
) -> Option<Fields> {
    if object.is_empty() {
        misreads.add(
            "a table of a condition is empty",
            "name a field in it, or leave it out",
        );
        return None;
    }
    if misreads.depth() > DEEPEST {
        misreads.add(
            format!("a condition is nested more than {DEEPEST} levels deep"),
            "ask for a field that is less deep",
        );
        return None;
    }
    let in_or = match place {
        Place::Root => false,
        Place::Field { in_or } => in_or,
        Place::Alternative { .. } => true,
    };
    let mut names: BTreeSet<&str> = object.keys().map(String::as_str).collect();
    names.remove(OR);
    if let Place::Alternative { beside } = place {
        for name in names.intersection(beside) {
            misreads.below(name, |misreads| {
                misreads.add(
                    format!("`{name}` is asked for in `$or` and beside it, and what EventBridge makes of that depends on the order"),
                    "ask for it in each alternative of `$or`, or beside `$or` alone",
                );
            });
        }
        names.extend(beside);
    }
    let mut read = Fields {
        fields: Vec::new(),
        either: Vec::new(),
    };
    for (name, value) in object {
        misreads.below(name, |misreads| {
            if name == OR {
                read.either = alternatives(value, &names, misreads);
            } else if let Some(asked) = field(name, value, in_or, misreads) {
                read.fields.push((name.clone(), asked));
            }
        });
    }
    read.fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(read)
}

fn alternatives(value: &Value, beside: &BTreeSet<&str>, misreads: &mut Misreads) -> Vec<Fields> {
    let alternatives = match value {
        Value::Array(alternatives) if alternatives.len() >= 2 => alternatives,
        _ => {
            misreads.add(
                "`$or` is a list of two or more tables",
                "write `$or` as `[{ ONE = [VALUE] }, { OTHER = [VALUE] }]`",
            );
            return Vec::new();
        }
    };
    let read = alternatives.iter().enumerate().map(|(position, value)| {
        misreads.below(&position.to_string(), |misreads| {
            if let Value::Object(object) = value {
                return fields(object, Place::Alternative { beside }, misreads);
            }
            misreads.add(
                "an alternative of `$or` is a table",
                "write it as `{ FIELD = [VALUE] }`",
            );
            None
        })
    });
    read.flatten().collect()
}

fn field(name: &str, value: &Value, in_or: bool, misreads: &mut Misreads) -> Option<Asked> {
    if name.is_empty() {
        misreads.add("a field has no name", "name the field");
        return None;
    }
    if name.contains('.') {
        misreads.add(
            format!("`{name}` has a dot, and EventBridge reads it both as a name and as a path"),
            "write a table for each level, as in `{ data = { object = … } }`",
        );
        return None;
    }
    let is_operator = RESERVED_IN_OR.contains(&name);
    if is_operator && in_or {
        misreads.add(
            format!("`{name}` is a word of EventBridge's, and no field within `$or`"),
            "ask for this field outside of `$or`, or write the operator in brackets, as in `[{ prefix = \"a\" }]`",
        );
        return None;
    }
    // The only two whose operand EventBridge takes for a list of values, or for a table, without a word.
    if is_operator && ["numeric", "anything-but"].contains(&name) {
        misreads.add(
            format!("EventBridge takes `{name}` for a field here, and no payload has it"),
            format!("write the operator in brackets: `[{{ {name} = … }}]`"),
        );
        return None;
    }
    match value {
        Value::Object(object) => {
            fields(object, Place::Field { in_or }, misreads).map(Asked::Object)
        }
        Value::Array(values) if values.is_empty() => {
            misreads.add(
                "a field has an empty list of values",
                "write a value into it, or leave the field out",
            );
            None
        }
        Value::Array(values) => {
            let read = values.iter().enumerate().map(|(position, value)| {
                misreads.below(&position.to_string(), |misreads| matcher(value, misreads))
            });
            // All are read, so that all faults are told.
            let read: Vec<_> = read.collect();
            read.into_iter().collect::<Option<_>>().map(Asked::Value)
        }
        _ if is_operator => {
            misreads.add(
                format!("the operator `{name}` stands outside of brackets"),
                format!("write it in brackets: `[{{ {name} = … }}]`"),
            );
            None
        }
        _ => {
            misreads.add(
                "a field's value is not in a list",
                "write it in brackets, as in `[\"paid\"]`",
            );
            None
        }
    }
}

/// How many rules EventBridge says that it makes of a pattern: the product of the lengths of all its `$or`.
fn combinations(pattern: &Value, depth: usize) -> usize {
    let Value::Object(object) = pattern else {
        return 1;
    };
    if depth > 2 * DEEPEST {
        return 1;
    }
    object.iter().fold(1, |product: usize, (name, value)| {
        let own = match value {
            Value::Array(members) if name == OR => {
                let below = members.iter().map(|member| combinations(member, depth + 1));
                below.fold(members.len().max(1), usize::saturating_mul)
            }
            _ => combinations(value, depth + 1),
        };
        product.saturating_mul(own)
    })
}
