//! How many shards the index has had at most.
//!
//! An event stays in the shard in which it was written, however many the stack is given later. So whoever writes events
//! notes the number in the ledger before the first of them, and sweeper and command line look into as many as were ever
//! noted. The number never falls. The first shard needs no note: it is always looked into.

use aws_sdk_dynamodb::Client;
use protocol::{fault::Fault, ledger::MOST_SHARDS, ports::Written};

use crate::{
    codec::{self, name, sort},
    fault,
    ledger::written,
};

/// No event has such a key, for no source's name is empty.
const PK: &str = "#shards";

const MOST: &str = "most";

/// The place in the ledger where it stands.
#[derive(Clone, Debug)]
pub struct Shards {
    client: Client,
    table: String,
}

impl Shards {
    /// The ledger's table of this name.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Over how many shards this process may spread its events: as many as it was given, once that is noted. Where it can't
    /// be noted, over one.
    pub async fn allowed(&self, given: u32) -> u32 {
        if given <= 1 {
            return 1;
        }
        match self.note(given).await {
            Ok(_) => given,
            Err(fault) => {
                let reason = fault.kind.as_str();
                tracing::warn!(reason, error = %fault, "the number of shards is not noted, so this process uses one");
                1
            }
        }
    }

    /// Notes a number, unless a higher one is noted.
    pub async fn note(&self, number: u32) -> Result<Written, Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(codec::primary(PK, sort::SHARDS)))
            .item(MOST, codec::n(number))
            .condition_expression("attribute_not_exists(#pk) OR #most < :most")
            .expression_attribute_names("#pk", name::PK)
            .expression_attribute_names("#most", MOST)
            .expression_attribute_values(":most", codec::n(number));
        written(put, "noting the number of shards").await
    }

    /// The highest number that was ever noted.
    pub async fn most(&self) -> Result<u32, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(codec::primary(PK, sort::SHARDS)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading the number of shards", &error))?;
        let most = found.item().map(|item| codec::number(item, MOST));
        Ok(most.transpose()?.unwrap_or(1).clamp(1, MOST_SHARDS))
    }
}
