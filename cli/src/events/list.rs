//! `landfall events list`: what came in lately.

use std::{
    collections::{BTreeMap, HashMap},
    process::ExitCode,
};

use aws_sdk_dynamodb::{
    Client,
    types::{AttributeValue, KeysAndAttributes},
};
use catalogue::Source;
use landfall_aws::clock::SystemClock;
use protocol::{
    ledger::EventKey,
    ports::Clock as _,
    time::{Millis, UnixMillis},
};
use serde_json::{Value, json};

use super::index::Index;
use crate::{
    failure::Failure,
    print,
    sample::iso,
    stack::{Stack, aws},
};

/// The limit of `DynamoDB` for one batch of reads.
const BATCH: usize = 100;

/// What `events list` reads of both items.
const SHORTLY: [&str; 9] = [
    "pk",
    "sk",
    "event_id",
    "event_type",
    "received_at",
    "life",
    "state",
    "attempt",
    "last_error",
];

type Item = HashMap<String, AttributeValue>;

pub(super) async fn run(
    stack: &Stack,
    source: Option<&Source>,
    since: Millis,
    limit: usize,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let client = Client::new(&stack.config);
    let index = Index::new(stack, client.clone())?;
    let after = SystemClock.now().plus(Millis(-since.0));
    let mut found = Vec::new();
    for source in stack
        .sources
        .iter()
        .filter(|listed| source.is_none_or(|source| source == *listed))
    {
        found.extend(
            index
                .newest(source.name.as_str(), after, limit, |_| true, limit)
                .await?,
        );
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.truncate(limit);
    let keys: Vec<String> = found.into_iter().map(|(_, key)| key).collect();
    let items = read_shortly(&client, stack.output("TableName")?, &keys).await?;
    let rows: Vec<Value> = keys.iter().filter_map(|key| row(key, &items)).collect();
    if as_json {
        print::json(&Value::from(rows));
        return Ok(ExitCode::SUCCESS);
    }
    if rows.is_empty() {
        print::line("No event came in that time; --since looks further back.");
        return Ok(ExitCode::SUCCESS);
    }
    let cells: Vec<[String; 6]> = rows
        .iter()
        .map(|row| {
            let text = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            [
                iso(UnixMillis(row["received_at"].as_i64().unwrap_or(0))),
                text("source"),
                text("event_id"),
                text("event_type"),
                text("state"),
                row["attempt"].to_string(),
            ]
        })
        .collect();
    print::table(
        ["RECEIVED", "SOURCE", "EVENT ID", "TYPE", "STATE", "ATTEMPT"],
        &cells,
    );
    Ok(ExitCode::SUCCESS)
}

fn row(key: &str, items: &BTreeMap<(String, String), Item>) -> Option<Value> {
    let event = items.get(&(key.to_owned(), "event".to_owned()))?;
    let number =
        |item: &Item, name: &str| -> Option<i64> { item.get(name)?.as_n().ok()?.parse().ok() };
    let text = |item: &Item, name: &str| -> Option<String> { item.get(name)?.as_s().ok().cloned() };
    let received_at = number(event, "received_at")?;
    let work = items
        .get(&(key.to_owned(), "work".to_owned()))
        .filter(|work| number(work, "life") == Some(received_at));
    let parsed = EventKey::parse(key)?;
    Some(json!({
        "source": parsed.source(),
        "event_id": text(event, "event_id"),
        "event_type": text(event, "event_type"),
        "key": parsed.id(),
        "received_at": received_at,
        "state": work.and_then(|work| text(work, "state")).unwrap_or_else(|| "unclaimed".into()),
        "attempt": work.and_then(|work| number(work, "attempt")).unwrap_or(0),
        "last_error": work.and_then(|work| text(work, "last_error")),
    }))
}

/// Both items of these events, without their bodies.
async fn read_shortly(
    client: &Client,
    table: &str,
    keys: &[String],
) -> Result<BTreeMap<(String, String), Item>, Failure> {
    let mut wanted: Vec<Item> = Vec::new();
    for key in keys {
        for sort in ["event", "work"] {
            wanted.push(Item::from([
                ("pk".to_owned(), AttributeValue::S(key.clone())),
                ("sk".to_owned(), AttributeValue::S(sort.to_owned())),
            ]));
        }
    }
    // Some of the names are words that DynamoDB reserves.
    let names: HashMap<String, String> = SHORTLY
        .map(|name| (format!("#{name}"), name.to_owned()))
        .into();
    let mut both = BTreeMap::new();
    while !wanted.is_empty() {
        let batch: Vec<Item> = wanted.drain(..wanted.len().min(BATCH)).collect();
        let asked = KeysAndAttributes::builder()
            .set_keys(Some(batch))
            .consistent_read(true)
            .projection_expression(SHORTLY.map(|name| format!("#{name}")).join(", "))
            .set_expression_attribute_names(Some(names.clone()))
            .build()
            .map_err(|error| Failure::trouble(error.to_string()))?;
        let found = client
            .batch_get_item()
            .request_items(table, asked)
            .send()
            .await
            .map_err(|error| aws("the ledger can't be read", &error))?;
        for item in found
            .responses()
            .into_iter()
            .flat_map(|tables| tables.values())
            .flatten()
        {
            let text = |name: &str| item.get(name).and_then(|value| value.as_s().ok()).cloned();
            if let (Some(pk), Some(sk)) = (text("pk"), text("sk")) {
                both.insert((pk, sk), item.clone());
            }
        }
        for left in found
            .unprocessed_keys()
            .into_iter()
            .flat_map(|tables| tables.values())
        {
            wanted.extend(left.keys().iter().cloned());
        }
    }
    Ok(both)
}
