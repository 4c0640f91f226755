//! With which configuration a stack says that it runs.

use aws_sdk_dynamodb::Client;
use protocol::{
    fault::{Fault, FaultKind},
    time::UnixMillis,
};

use crate::{
    codec::{self, sort},
    fault,
    running::{DIGEST, PK, SINCE, VERSION},
};

const READING: &str = "reading which configuration runs";

/// What the sweeper last said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// The configuration's digest.
    pub digest: String,
    /// When the process started that says so.
    pub since: UnixMillis,
    /// Which version of Landfall that is.
    pub version: String,
}

pub(super) async fn read(client: &Client, table: &str) -> Result<Option<Running>, Fault> {
    let found = client
        .get_item()
        .table_name(table)
        .set_key(Some(codec::primary(PK, sort::CONFIGURATION)))
        .consistent_read(true)
        .send()
        .await
        .map_err(|error| fault::of(READING, &error))?;
    let Some(item) = found.item() else {
        return Ok(None);
    };
    let unreadable = |Fault { text, .. }| {
        let text = format!("the item `{PK}` isn't readable: {text}");
        Fault::new(FaultKind::Malformed, READING, text)
    };
    let digest = codec::text(item, DIGEST).map_err(unreadable)?;
    let since = codec::number(item, SINCE).map_err(unreadable)?;
    let version = codec::text(item, VERSION).map_err(unreadable)?;
    Ok(Some(Running {
        digest: digest.to_owned(),
        since: UnixMillis(since),
        version: version.to_owned(),
    }))
}
