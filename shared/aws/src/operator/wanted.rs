//! Which entries of an index an operator wants to see.

use aws_sdk_dynamodb::types::AttributeValue;
use protocol::reason::Reason;

use crate::codec::{self, name};

/// How many beginnings of keys `DynamoDB` is asked to pick out: as many as its expressions bear.
const MOST_BEGINNINGS: usize = 100;

/// Which entries of an index are wanted.
#[derive(Debug)]
pub(super) struct Wanted {
    /// How their keys begin; any do, if this is empty.
    pub(super) beginnings: Vec<String>,
    /// One of the reasons that they have.
    pub(super) reason: Option<Reason>,
}

/// What has `DynamoDB` pick out entries, and needn't send the others. They are paid for all the same.
#[derive(Debug, Default)]
pub(super) struct Filter {
    pub(super) expression: String,
    pub(super) names: Vec<(&'static str, &'static str)>,
    pub(super) values: Vec<(String, AttributeValue)>,
}

impl Wanted {
    pub(super) const fn is_all(&self) -> bool {
        self.beginnings.is_empty() && self.reason.is_none()
    }

    /// Whether an entry of this key is, as far as the key tells.
    pub(super) fn has(&self, key: &str) -> bool {
        let begins_so = |beginning: &String| key.starts_with(beginning);
        self.beginnings.is_empty() || self.beginnings.iter().any(begins_so)
    }

    /// None where all entries are sent: all are wanted, or there are too many beginnings for an expression.
    pub(super) fn filter(&self) -> Option<Filter> {
        let mut parts = Vec::new();
        let mut filter = Filter::default();
        if (1..=MOST_BEGINNINGS).contains(&self.beginnings.len()) {
            let beginnings = self.beginnings.iter().enumerate();
            let (each, values): (Vec<_>, Vec<_>) = beginnings
                .map(|(at, beginning)| {
                    let name = format!(":begins{at}");
                    let begins = format!("begins_with(#pk, {name})");
                    (begins, (name, codec::s(beginning)))
                })
                .unzip();
            parts.push(format!("({})", each.join(" OR ")));
            filter.names.push(("#pk", name::PK));
            filter.values.extend(values);
        }
        if let Some(reason) = self.reason {
            parts.push("contains(#reasons, :reason)".to_owned());
            filter.names.push(("#reasons", name::REASONS));
            let reason = (":reason".to_owned(), codec::s(reason.as_str()));
            filter.values.push(reason);
        }
        filter.expression = parts.join(" AND ");
        (!parts.is_empty()).then_some(filter)
    }
}
