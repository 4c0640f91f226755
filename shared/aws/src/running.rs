//! With which configuration a stack runs: its sweeper says so in the ledger when it starts, and the command line asks.
//!
//! Only what runs can say what it runs. A parameter or a function's description would say what somebody claimed when
//! they deployed, and be wrong of a package that was configured, or replaced, since; and `sam deploy` by itself fills in
//! neither.

use aws_sdk_dynamodb::Client;
use protocol::{fault::Fault, time::UnixMillis};

use crate::{
    codec::{self, sort},
    fault,
};

/// No event has such a key, for no source's name is empty.
pub(crate) const PK: &str = "#configuration";

pub(crate) const DIGEST: &str = "digest";
pub(crate) const SINCE: &str = "since";
pub(crate) const VERSION: &str = "version";

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

    /// Says with which configuration this process has started, and of which version it is.
    pub async fn write(&self, digest: &str, now: UnixMillis) -> Result<(), Fault> {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(codec::primary(PK, sort::CONFIGURATION)))
            .item(DIGEST, codec::s(digest))
            .item(SINCE, codec::n(now.0))
            .item(VERSION, codec::s(env!("CARGO_PKG_VERSION")))
            .send()
            .await
            .map_err(|error| fault::of("announcing the configuration", &error))?;
        Ok(())
    }
}
