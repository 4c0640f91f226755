//! The ledger's index by time, and the sweeper's cursors, on DynamoDB.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use aws_sdk_dynamodb::{Client, types::KeysAndAttributes};
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, Work},
    ports::{self, Position, Written},
    time::UnixMillis,
};

use crate::{
    codec::{self, Item, name, sort},
    fault,
    ledger::written,
};

/// How often keys that DynamoDB left unprocessed are asked for again.
const ROUNDS: u32 = 6;

/// The index of one table.
#[derive(Clone, Debug)]
pub struct Index {
    client: Client,
    table: String,
    name: String,
}

impl Index {
    /// The index of this name on this table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>, index: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            name: index.into(),
        }
    }

    /// One answer of a batch read: what was found, and what is still to be asked for.
    async fn batch(&self, keys: Vec<Item>) -> Result<(Vec<Item>, Vec<Item>), Fault> {
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .consistent_read(true)
            .build()
            .map_err(|_| Fault::new(FaultKind::Other, "reading works", "no keys"))?;
        let mut found = self
            .client
            .batch_get_item()
            .request_items(&self.table, wanted)
            .send()
            .await
            .map_err(|error| fault::of("reading works", &error))?;
        let items = found
            .responses
            .as_mut()
            .and_then(|tables| tables.remove(&self.table));
        let left = found
            .unprocessed_keys
            .as_mut()
            .and_then(|tables| tables.remove(&self.table));
        Ok((
            items.unwrap_or_default(),
            left.map(|left| left.keys).unwrap_or_default(),
        ))
    }
}

impl ports::Index for Index {
    async fn page(
        &self,
        partition: &str,
        after: Option<&Position>,
        until: UnixMillis,
        limit: u16,
    ) -> Result<Vec<Position>, Fault> {
        // DynamoDB refuses to start beyond the range that it is asked for.
        if limit == 0 || after.is_some_and(|after| after.received_at > until) {
            return Ok(Vec::new());
        }
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(&self.name)
            .key_condition_expression("#shard = :shard AND #received_at <= :until")
            .expression_attribute_names("#shard", name::SHARD)
            .expression_attribute_names("#received_at", name::RECEIVED_AT)
            .expression_attribute_values(":shard", codec::s(partition))
            .expression_attribute_values(":until", codec::n(until.0))
            .set_exclusive_start_key(after.map(|after| codec::start_key(partition, after)))
            .limit(i32::from(limit))
            .send()
            .await
            .map_err(|error| fault::of("reading the index", &error))?;
        found.items().iter().map(codec::read_position).collect()
    }

    #[expect(clippy::disallowed_methods, reason = "a throttled table wants a pause")]
    async fn read_works(&self, keys: &[EventKey]) -> Result<BTreeMap<EventKey, Work>, Fault> {
        // DynamoDB refuses a batch that names a key twice.
        let keys: BTreeSet<&EventKey> = keys.iter().collect();
        let mut left: Vec<Item> = keys
            .into_iter()
            .map(|key| codec::primary(&key.to_string(), sort::WORK))
            .collect();
        let mut works = BTreeMap::new();
        for round in 0..ROUNDS {
            if left.is_empty() {
                return Ok(works);
            }
            if round > 0 {
                // 50 ms, doubling: what is left unprocessed was throttled.
                tokio::time::sleep(Duration::from_millis(25 << round)).await;
            }
            let (items, unprocessed) = self.batch(left).await?;
            for item in &items {
                works.insert(codec::read_key(item)?, codec::read_work(item)?);
            }
            left = unprocessed;
        }
        if left.is_empty() {
            Ok(works)
        } else {
            let text = format!("{} stayed unprocessed", left.len());
            Err(Fault::new(FaultKind::Throttled, "reading works", text))
        }
    }

    async fn read_cursor(&self, name: &str) -> Result<Option<Position>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(codec::primary(&cursor(name), sort::CURSOR)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading the cursor", &error))?;
        found.item().map(codec::read_cursor).transpose()
    }

    async fn move_cursor(
        &self,
        name: &str,
        from: Option<&Position>,
        to: &Position,
    ) -> Result<Written, Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(codec::cursor_item(&cursor(name), to)));
        let put = match from {
            None => put
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", name::PK),
            Some(from) => put
                .condition_expression("#until = :until AND #key = :key")
                .expression_attribute_names("#until", name::UNTIL)
                .expression_attribute_names("#key", name::KEY)
                .expression_attribute_values(":until", codec::n(from.received_at.0))
                .expression_attribute_values(":key", codec::s(from.key.to_string())),
        };
        written(put, "moving the cursor").await
    }
}

/// A cursor's partition key. No event has one that begins with `#`, for no source's name is empty.
fn cursor(name: &str) -> String {
    format!("#cursor#{name}")
}
