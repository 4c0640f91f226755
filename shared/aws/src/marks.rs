//! How new the states are that routes have passed on, in the ledger's table.

use std::collections::HashMap;

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use protocol::{
    fault::Fault,
    ports::{self, Mark, Written},
    time::{UnixMillis, UnixSeconds},
};
use sha2::{Digest as _, Sha256};

use crate::{
    codec::{self, name, primary},
    fault,
    ledger::written,
};

const SORT: &str = "mark";
const KIND: &str = "kind";
const VERSION: &str = "version";

/// The ledger's table, as marks are kept in it.
#[derive(Clone, Debug)]
pub struct Marks {
    client: Client,
    table: String,
}

impl Marks {
    /// The marks in this table.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
        }
    }
}

impl ports::Marks for Marks {
    async fn read_mark(
        &self,
        route: &str,
        entity: &str,
        now: UnixMillis,
    ) -> Result<Option<Mark>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(primary(&partition(route, entity), SORT)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading an entity's mark", &error))?;
        let Some(item) = found.item() else {
            return Ok(None);
        };
        if UnixSeconds(codec::number(item, name::EXPIRES_AT)?) <= now.seconds() {
            return Ok(None);
        }
        Ok(Some(Mark {
            kind: codec::text(item, KIND)?.to_owned(),
            version: (item.get(VERSION))
                .and_then(|version| version.as_n().ok())
                .ok_or_else(|| codec::broken(VERSION))?
                .clone(),
        }))
    }

    async fn raise_mark(
        &self,
        route: &str,
        entity: &str,
        mark: &Mark,
        now: UnixMillis,
        expires_at: UnixSeconds,
    ) -> Result<Written, Fault> {
        let version = AttributeValue::N(mark.version.clone());
        let mut item = primary(&partition(route, entity), SORT);
        item.extend(HashMap::from([
            (KIND.to_owned(), codec::s(&mark.kind)),
            (VERSION.to_owned(), version.clone()),
            (name::EXPIRES_AT.to_owned(), codec::n(expires_at.0)),
        ]));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            // TTL deletes late: a mark that has expired counts as absent.
            .condition_expression(
                "attribute_not_exists(#version) OR #expires_at <= :now \
                 OR (#kind = :kind AND #version < :version)",
            )
            .expression_attribute_names("#version", VERSION)
            .expression_attribute_names("#kind", KIND)
            .expression_attribute_names("#expires_at", name::EXPIRES_AT)
            .expression_attribute_values(":version", version)
            .expression_attribute_values(":kind", codec::s(&mark.kind))
            .expression_attribute_values(":now", codec::n(now.seconds().0));
        written(put, "raising an entity's mark").await
    }
}

/// A mark's partition key: an entity may be longer than a key. No event has one that begins with `#`, for no source's name
/// is empty.
fn partition(route: &str, entity: &str) -> String {
    let entity = hex::encode(Sha256::digest(entity));
    format!("#order#{route}#{entity}")
}
