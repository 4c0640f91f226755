//! The ledger's index by time, and the sweeper's cursors, on DynamoDB.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::Fault,
    ledger::{EventKey, Work},
    ports::{self, Cursor, Position, Reads, Written},
    time::UnixMillis,
};

use crate::{
    codec::{self, Item, name, sort},
    fault, items,
    ledger::written,
    shards::Shards,
};

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
}

impl ports::Index for Index {
    async fn most_shards(&self) -> Result<u32, Fault> {
        let shards = Shards::new(self.client.clone(), &self.table);
        shards.most().await
    }

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

    async fn read_works(
        &self,
        keys: &[EventKey],
        reads: Reads,
    ) -> Result<BTreeMap<EventKey, Work>, Fault> {
        // DynamoDB refuses a read that names a key twice.
        let keys: BTreeSet<&EventKey> = keys.iter().collect();
        let keys = keys.into_iter();
        let keys = keys.map(|key| codec::primary(&key.to_string(), sort::WORK));
        let asked = items::Asked {
            step: "reading works",
            attributes: &[],
            reads,
        };
        let items = items::read(&self.client, &self.table, keys.collect(), asked).await?;
        let work = |item: &Item| Ok((codec::read_key(item)?, codec::read_work(item)?));
        items.iter().map(work).collect()
    }

    async fn read_cursor(&self, name: &str) -> Result<Option<Cursor>, Fault> {
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
        to: &Cursor,
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

    async fn read_heard(&self, sources: &[&str]) -> Result<BTreeMap<String, UnixMillis>, Fault> {
        let keys = sources.iter();
        let keys = keys.map(|source| codec::primary(&heard(source), sort::HEARD));
        let asked = items::Asked {
            step: "reading when sources were heard",
            attributes: &[],
            reads: Reads::Strongly,
        };
        let items = items::read(&self.client, &self.table, keys.collect(), asked).await?;
        let of_source = |item: &Item| {
            let source = codec::text(item, name::PK)?.strip_prefix(HEARD);
            let source = source.ok_or_else(|| codec::broken(name::PK))?;
            let at = codec::number(item, name::UNTIL)?;
            Ok((source.to_owned(), UnixMillis(at)))
        };
        items.iter().map(of_source).collect()
    }

    async fn note_heard(&self, source: &str, at: UnixMillis) -> Result<(), Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(codec::primary(&heard(source), sort::HEARD)))
            .item(name::UNTIL, codec::n(at.0))
            .condition_expression("attribute_not_exists(#pk) OR #until < :until")
            .expression_attribute_names("#pk", name::PK)
            .expression_attribute_names("#until", name::UNTIL)
            .expression_attribute_values(":until", codec::n(at.0));
        written(put, "noting that a source was heard").await?;
        Ok(())
    }
}

/// Before a source's name in the partition key of when it was heard. No event has a key that begins with `#`, for no
/// source's name is empty.
const HEARD: &str = "#heard#";

fn heard(source: &str) -> String {
    format!("{HEARD}{source}")
}

/// A cursor's partition key.
fn cursor(name: &str) -> String {
    format!("#cursor#{name}")
}
