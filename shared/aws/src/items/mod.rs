//! Reads many items of a table at once.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{Client, types::KeysAndAttributes};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Reads,
};

use crate::{codec::Item, fault};

/// How many items `DynamoDB` reads in one call.
const AT_ONCE: usize = 100;

/// How often keys that `DynamoDB` left unprocessed are asked for again.
const CALLS: u32 = 6;

/// What is asked for of the items.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    /// What they are read for.
    pub(crate) step: &'static str,
    /// Their attributes, or all if none is named.
    pub(crate) attributes: &'a [&'a str],
    /// What may be shown.
    pub(crate) reads: Reads,
}

/// The items of these keys, as far as they are there, in no order. No key may come twice.
pub(crate) async fn read(
    client: &Client,
    table: &str,
    mut keys: Vec<Item>,
    asked: Asked<'_>,
) -> Result<Vec<Item>, Fault> {
    let mut items = Vec::new();
    while !keys.is_empty() {
        let rest = keys.split_off(keys.len().min(AT_ONCE));
        items.extend(read_some(client, table, keys, asked).await?);
        keys = rest;
    }
    Ok(items)
}

#[expect(clippy::disallowed_methods, reason = "a throttled table wants a pause")]
async fn read_some(
    client: &Client,
    table: &str,
    mut left: Vec<Item>,
    asked: Asked<'_>,
) -> Result<Vec<Item>, Fault> {
    let mut items = Vec::new();
    for round in 0..CALLS {
        if round > 0 {
            // 50 ms, doubling: what is left unprocessed was throttled.
            tokio::time::sleep(Duration::from_millis(25 << round)).await;
        }
        let (found, unprocessed) = call(client, table, left, asked).await?;
        items.extend(found);
        if unprocessed.is_empty() {
            return Ok(items);
        }
        left = unprocessed;
    }
    let text = format!("{} stayed unprocessed", left.len());
    Err(Fault::new(FaultKind::Throttled, asked.step, text))
}

/// One call: what was found, and what is still to be asked for.
async fn call(
    client: &Client,
    table: &str,
    keys: Vec<Item>,
    asked: Asked<'_>,
) -> Result<(Vec<Item>, Vec<Item>), Fault> {
    let Asked {
        step,
        attributes,
        reads,
    } = asked;
    // Some of the names are words that DynamoDB reserves.
    let hashed = |name: &&str| format!("#{name}");
    let projection: Vec<String> = attributes.iter().map(hashed).collect();
    let names: HashMap<String, String> = (attributes.iter())
        .map(|name| (hashed(name), (*name).to_owned()))
        .collect();
    let some = !attributes.is_empty();
    let wanted = KeysAndAttributes::builder()
        .set_keys(Some(keys))
        .consistent_read(reads == Reads::Strongly)
        .set_projection_expression(some.then(|| projection.join(", ")))
        .set_expression_attribute_names(some.then_some(names))
        .build()
        .map_err(|_| Fault::new(FaultKind::Other, step, "no keys"))?;
    let mut found = client
        .batch_get_item()
        .request_items(table, wanted)
        .send()
        .await
        .map_err(|error| fault::of(step, &error))?;
    let items = found
        .responses
        .as_mut()
        .and_then(|tables| tables.remove(table));
    let left = found
        .unprocessed_keys
        .as_mut()
        .and_then(|tables| tables.remove(table));
    Ok((
        items.unwrap_or_default(),
        left.map(|left| left.keys).unwrap_or_default(),
    ))
}

#[cfg(test)]
mod tests;
