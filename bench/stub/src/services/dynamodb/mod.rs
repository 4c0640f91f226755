//! `DynamoDB`, with tables that come to be by being written to.
//!
//! Of conditions one kind is judged: that there is no item under the key. All others hold, for nobody but the one function
//! that is measured writes here. Every index is the ledger's, by shard and time.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
    ops::Bound,
};

use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::{Called, Error, input};

/// All tables, by name.
#[derive(Default)]
pub(crate) struct Tables(RefCell<HashMap<String, Table>>);

#[derive(Default)]
struct Table {
    /// Items as they came, by partition key and sort key.
    partitions: HashMap<String, Partition>,
    /// What the index has: shard, time and partition key.
    entries: BTreeSet<Entry>,
}

type Partition = BTreeMap<String, Box<RawValue>>;

type Entry = (String, u64, String);

/// The keys that the tables of the functions and of their peers have, and those of the index.
#[derive(Deserialize)]
struct Key {
    #[serde(alias = "id")]
    pk: Text,
    sk: Option<Text>,
    shard: Option<Text>,
    at: Option<Number>,
}

#[derive(Deserialize)]
struct Number {
    #[serde(rename = "N")]
    n: Option<String>,
}

#[derive(Deserialize)]
struct Text {
    #[serde(rename = "S")]
    s: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Put {
    table_name: String,
    item: Box<RawValue>,
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: HashMap<String, String>,
    return_values_on_condition_check_failure: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Update {
    table_name: String,
    key: HashMap<String, Box<RawValue>>,
    #[serde(default, rename = "UpdateExpression")]
    expression: String,
    #[serde(default)]
    expression_attribute_names: HashMap<String, String>,
    #[serde(default)]
    expression_attribute_values: HashMap<String, Box<RawValue>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keyed {
    table_name: String,
    key: Key,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Query {
    table_name: String,
    index_name: Option<String>,
    #[serde(default)]
    expression_attribute_values: HashMap<String, Box<RawValue>>,
    exclusive_start_key: Option<Key>,
    limit: Option<usize>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BatchGet {
    request_items: BTreeMap<String, Keys>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction {
    transact_items: Vec<Part>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    put: Put,
}

impl Key {
    fn sort(&self) -> &str {
        self.sk.as_ref().map_or("", |sort| &sort.s)
    }

    /// Where it stands in the index, if it has what that asks for.
    fn entry(&self) -> Option<Entry> {
        let at = self.at.as_ref()?.n.as_ref()?.parse().ok()?;
        Some((self.shard.as_ref()?.s.clone(), at, self.pk.s.clone()))
    }
}

impl Put {
    /// Whether it wants that nothing stands under its key.
    fn wants_none(&self) -> bool {
        let condition = self.condition_expression.as_deref().unwrap_or_default();
        let name = condition
            .split_once("attribute_not_exists(")
            .and_then(|(_, rest)| rest.split(')').next())
            .unwrap_or_default();
        let named = self.expression_attribute_names.get(name);
        matches!(named.map_or(name, String::as_str), "pk" | "id")
    }
}

impl Tables {
    pub(crate) fn clear(&self) {
        self.0.borrow_mut().clear();
    }

    /// How many items each table has.
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let tables = self.0.borrow();
        let count = |table: &Table| table.partitions.values().map(BTreeMap::len).sum();
        let counts = tables.iter();
        counts
            .map(|(name, table)| (name.clone(), count(table)))
            .collect()
    }

    pub(crate) fn call(&self, operation: &str, body: &[u8]) -> Option<Called> {
        Some(match operation {
            "PutItem" => input(body).and_then(|put| self.put(put)),
            "GetItem" => input(body).map(|asked: Keyed| {
                self.get(&asked.table_name, &asked.key)
                    .map_or_else(|| "{}".into(), |item| format!(r#"{{"Item":{item}}}"#))
            }),
            "UpdateItem" => input(body).and_then(|update| self.update(&update)),
            "DeleteItem" => input(body).map(|asked: Keyed| {
                self.partition(&asked.table_name, &asked.key.pk.s, |items| {
                    items.remove(asked.key.sort());
                });
                "{}".into()
            }),
            "Query" => input(body).and_then(|query| self.query(&query)),
            "BatchGetItem" => input(body).map(|batch| self.batch(&batch)),
            "TransactWriteItems" => input(body).and_then(|transaction: Transaction| {
                for part in transaction.transact_items {
                    self.put(part.put)?;
                }
                Ok("{}".into())
            }),
            _ => return None,
        })
    }

    fn partition<T>(&self, table: &str, key: &str, act: impl FnOnce(&mut Partition) -> T) -> T {
        let mut tables = self.0.borrow_mut();
        let table = tables.entry(table.to_owned()).or_default();
        act(table.partitions.entry(key.to_owned()).or_default())
    }

    fn get(&self, table: &str, key: &Key) -> Option<Box<RawValue>> {
        self.partition(table, &key.pk.s, |items| items.get(key.sort()).cloned())
    }

    fn put(&self, put: Put) -> Called {
        let key: Key = input(put.item.get().as_bytes())?;
        let wants_none = put.wants_none();
        let shows = put.return_values_on_condition_check_failure.is_some();
        if let Some(entry) = key.entry() {
            let mut tables = self.0.borrow_mut();
            let table = tables.entry(put.table_name.clone()).or_default();
            table.entries.insert(entry);
        }
        self.partition(&put.table_name, &key.pk.s, |items| {
            if let Some(found) = items.get(key.sort())
                && wants_none
            {
                let beside = if shows {
                    format!(r#","Item":{found}"#)
                } else {
                    String::new()
                };
                return Err(Error::beside("ConditionalCheckFailedException", beside));
            }
            items.insert(key.sort().to_owned(), put.item);
            Ok("{}".into())
        })
    }

    /// `SET`, of values that the call names.
    fn update(&self, update: &Update) -> Called {
        let key = to_raw_value(&update.key).map_err(|_| Error::new("ValidationException"))?;
        let key: Key = input(key.get().as_bytes())?;
        let before = self.get(&update.table_name, &key);
        let mut item: HashMap<String, Box<RawValue>> = match &before {
            Some(item) => input(item.get().as_bytes())?,
            None => update.key.clone(),
        };
        let set = update.expression.trim_start();
        let set = set.strip_prefix("SET ").unwrap_or_default();
        for (name, value) in set.split(',').filter_map(|one| one.split_once('=')) {
            let (name, value) = (name.trim(), value.trim());
            let name = update.expression_attribute_names.get(name);
            let value = update.expression_attribute_values.get(value);
            if let (Some(name), Some(value)) = (name, value) {
                item.insert(name.clone(), value.clone());
            }
        }
        let item = to_raw_value(&item).map_err(|_| Error::new("ValidationException"))?;
        self.partition(&update.table_name, &key.pk.s, |items| {
            items.insert(key.sort().to_owned(), item);
        });
        Ok("{}".into())
    }

    fn query(&self, query: &Query) -> Called {
        let found = match query.index_name {
            Some(_) => self.of_index(query)?,
            None => self.of_partition(query)?,
        };
        let (count, found) = (found.len(), found.join(","));
        Ok(format!(
            r#"{{"Items":[{found}],"Count":{count},"ScannedCount":{count}}}"#
        ))
    }

    /// All items of a partition, which is the only value that such a query names.
    fn of_partition(&self, query: &Query) -> Result<Vec<String>, Error> {
        let key = query.expression_attribute_values.values().next();
        let key = key.ok_or_else(|| Error::new("ValidationException"))?;
        let key: Text = input(key.get().as_bytes())?;
        let shown = |items: &mut Partition| items.values().map(ToString::to_string).collect();
        Ok(self.partition(&query.table_name, &key.s, shown))
    }

    /// The keys of a shard's items up to a time, which are the two values that such a query names.
    fn of_index(&self, query: &Query) -> Result<Vec<String>, Error> {
        let (mut shard, mut until) = (None, None);
        for value in query.expression_attribute_values.values() {
            match input::<Text>(value.get().as_bytes()) {
                Ok(text) => shard = Some(text.s),
                Err(_) => until = input::<Number>(value.get().as_bytes())?.n,
            }
        }
        let until = until.and_then(|until| until.parse().ok());
        let (Some(shard), Some(until)) = (shard, until) else {
            return Err(Error::new("ValidationException"));
        };
        let start = query.exclusive_start_key.as_ref().and_then(Key::entry);
        let first = start.map_or_else(
            || Bound::Included((shard.clone(), 0, String::new())),
            Bound::Excluded,
        );
        let tables = self.0.borrow();
        let Some(table) = tables.get(&query.table_name) else {
            return Ok(Vec::new());
        };
        let entries = table.entries.range((first, Bound::Unbounded));
        let entries = entries.take_while(|(of, at, _)| *of == shard && *at <= until);
        let shown = entries.map(|(shard, at, pk)| {
            let keys = serde_json::json!({
                "pk": {"S": pk}, "sk": {"S": "event"}, "shard": {"S": shard}, "at": {"N": at.to_string()},
            });
            keys.to_string()
        });
        Ok(shown.take(query.limit.unwrap_or(usize::MAX)).collect())
    }

    fn batch(&self, batch: &BatchGet) -> String {
        let of_table = |(table, asked): (&String, &Keys)| {
            let items = asked.keys.iter().filter_map(|key| self.get(table, key));
            let items: Vec<_> = items.map(|item| item.get().to_owned()).collect();
            format!(r#""{table}":[{}]"#, items.join(","))
        };
        let found: Vec<_> = batch.request_items.iter().map(of_table).collect();
        format!(
            r#"{{"Responses":{{{}}},"UnprocessedKeys":{{}}}}"#,
            found.join(",")
        )
    }
}

#[cfg(test)]
mod tests;
