//! The ledger's index by time.

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use protocol::{ledger::partition, time::UnixMillis};

use crate::{
    failure::Failure,
    stack::{Stack, aws},
};

/// The index by time, read from its newest end.
pub(super) struct Index {
    client: Client,
    table: String,
    name: String,
    shards: u32,
}

impl Index {
    pub(super) fn new(stack: &Stack, client: Client) -> Result<Self, Failure> {
        Ok(Self {
            client,
            table: stack.output("TableName")?.to_owned(),
            name: stack.output("IndexName")?.to_owned(),
            shards: stack.shards(),
        })
    }

    /// The newest events of a source that are wanted: when they were received, and their keys.
    pub(super) async fn newest(
        &self,
        source: &str,
        after: UnixMillis,
        look_at: usize,
        is_wanted: impl Fn(&str) -> bool,
        enough: usize,
    ) -> Result<Vec<(i64, String)>, Failure> {
        let mut all = Vec::new();
        for shard in 0..self.shards {
            let (mut found, mut seen, mut start) = (Vec::new(), 0, None);
            loop {
                let page = self
                    .client
                    .query()
                    .table_name(&self.table)
                    .index_name(&self.name)
                    .key_condition_expression("#shard = :shard AND #received_at >= :after")
                    .expression_attribute_names("#shard", "shard")
                    .expression_attribute_names("#received_at", "received_at")
                    .expression_attribute_values(
                        ":shard",
                        AttributeValue::S(partition(source, shard)),
                    )
                    .expression_attribute_values(":after", AttributeValue::N(after.0.to_string()))
                    .scan_index_forward(false)
                    .set_exclusive_start_key(start)
                    .send()
                    .await
                    .map_err(|error| aws("the ledger's index can't be read", &error))?;
                for item in page.items() {
                    let time = item.get("received_at").and_then(|value| value.as_n().ok());
                    let key = item.get("pk").and_then(|value| value.as_s().ok());
                    if let (Some(Ok(time)), Some(key)) = (time.map(|time| time.parse()), key)
                        && is_wanted(key)
                    {
                        found.push((time, key.clone()));
                    }
                }
                seen += page.items().len();
                start = page.last_evaluated_key().cloned();
                if start.is_none() || seen >= look_at || found.len() >= enough {
                    break;
                }
            }
            all.extend(found);
        }
        all.sort_unstable_by(|a, b| b.cmp(a));
        Ok(all)
    }
}
