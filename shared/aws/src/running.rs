//! With which configuration a stack runs: its sweeper says so in the ledger when it starts, and the command line asks.
//!
//! Only what runs can say what it runs. A parameter or a function's description would say what somebody claimed when
//! they deployed, and be wrong of a package that was configured, or replaced, since; and `sam deploy` by itself fills in
//! neither.

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::{Fault, FaultKind},
    time::UnixMillis,
};

use crate::{
    codec::{self, sort},
    fault,
};

/// No event has such a key, for no source's name is empty.
const PK: &str = "#configuration";

const READING: &str = "reading which configuration runs";

const DIGEST: &str = "digest";
const SINCE: &str = "since";

/// What the sweeper last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The configuration's digest.
    pub digest: String,
    /// When the process started that says so.
    pub since: UnixMillis,
}

/// The place in the ledger where it stands.
#[derive(Clone, Debug)]
pub struct Announcement {
    client: Client,
    table: String,
}

impl Announcement {
    /// The ledger's table of this name.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }

    /// Says with which configuration this process has started.
    pub async fn write(&self, digest: &str, now: UnixMillis) -> Result<(), Fault> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(codec::primary(PK, sort::CONFIGURATION)))
            .item(DIGEST, codec::s(digest))
            .item(SINCE, codec::n(now.0))
            .send()
            .await
            .map_err(|error| fault::of("announcing the configuration", &error))?;
        Ok(())
    }

    /// What was said last. Nothing before the sweeper's first start.
    pub async fn read(&self) -> Result<Option<Running>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(codec::primary(PK, sort::CONFIGURATION)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of(READING, &error))?;
        let Some(item) = found.item() else {
            return Ok(None);
        };
        let digest = item.get(DIGEST).and_then(|value| value.as_s().ok());
        let since = item
            .get(SINCE)
            .and_then(|value| value.as_n().ok()?.parse().ok());
        match (digest, since) {
            (Some(digest), Some(since)) => Ok(Some(Running {
                digest: digest.clone(),
                since: UnixMillis(since),
            })),
            _ => Err(Fault::new(
                FaultKind::Malformed,
                READING,
                format!("the item `{PK}` has no digest or no time"),
            )),
        }
    }
}
