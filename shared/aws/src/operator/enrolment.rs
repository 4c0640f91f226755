//! Opens, reads and ends enrolments: secrets that a provider has handed over wait in a table that only operators read.

use std::time::Duration;

use aws_sdk_dynamodb::{
    Client,
    operation::{delete_item::DeleteItemError, put_item::PutItemError},
    types::ReturnValue,
};
use protocol::{
    fault::Fault,
    ports::Written,
    time::{UnixMillis, UnixSeconds},
};
use webhook::endpoint::enrolment::{Entry, Pending};

use crate::{
    codec::{self, Item},
    enrolment::{REFUSED, name},
    fault,
};

const EXPIRES_AT: &str = "expires_at";

/// The table.
#[derive(Clone, Debug)]
pub struct Enrolments {
    client: Client,
    table: String,
}

impl Enrolments {
    pub(super) fn new(client: Client, table: &str) -> Self {
        Self {
            client,
            table: table.to_owned(),
        }
    }

    /// Opens enrolment for a source, for ten minutes, and returns when no process of ingest believes any more that it
    /// is closed. No: a secret waits there, and is not to be lost.
    pub async fn open(&self, source: &str, now: UnixMillis) -> Result<Written, Fault> {
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item(source, &Entry::opened(now))))
            .condition_expression("attribute_not_exists(#pending) OR #expires_at <= :now")
            .expression_attribute_names("#pending", name::PENDING)
            .expression_attribute_names("#expires_at", EXPIRES_AT)
            .expression_attribute_values(":now", codec::n(now.seconds().0))
            .send()
            .await;
        let opened = fault::of_write(
            "opening enrolment",
            put,
            PutItemError::is_conditional_check_failed_exception,
        );
        if opened == Ok(Written::Yes) {
            let millis = u64::try_from(REFUSED.0).unwrap_or(0);
            #[expect(
                clippy::disallowed_methods,
                reason = "what other processes believe is no state that could be waited for"
            )]
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
        opened
    }

    /// The entry of a source that still counts.
    pub async fn read(&self, source: &str, now: UnixMillis) -> Result<Option<Entry>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .key(name::PK, codec::s(source))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading the enrolment", &error))?;
        let entry = found.item().map(read_item).transpose()?;
        Ok(entry.filter(|entry| entry.is_current(now)))
    }

    /// Ends an enrolment, whatever waits there. No: there was none.
    pub async fn close(&self, source: &str) -> Result<Written, Fault> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(name::PK, codec::s(source))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|error| fault::of("closing enrolment", &error))?;
        Ok(match deleted.attributes() {
            Some(_) => Written::Yes,
            None => Written::No,
        })
    }

    /// Ends an enrolment if this secret waits there: another one may have come since it was read.
    pub async fn close_after(&self, source: &str, pending: &Pending) -> Result<Written, Fault> {
        let deleted = self
            .client
            .delete_item()
            .table_name(&self.table)
            .key(name::PK, codec::s(source))
            .condition_expression("#pending = :pending")
            .expression_attribute_names("#pending", name::PENDING)
            .expression_attribute_values(":pending", codec::s(&pending.secret))
            .send()
            .await;
        fault::of_write(
            "closing enrolment",
            deleted,
            DeleteItemError::is_conditional_check_failed_exception,
        )
    }
}

/// An entry in which nothing waits yet: what waits there is written by nobody but [`keep`].
///
/// [`keep`]: webhook::ports::Enrolments::keep
fn item(source: &str, entry: &Entry) -> Item {
    Item::from([
        (name::PK.into(), codec::s(source)),
        (name::OPEN_UNTIL.into(), codec::n(entry.open_until.0)),
        (EXPIRES_AT.into(), codec::n(entry.expires_at.0)),
    ])
}

fn read_item(item: &Item) -> Result<Entry, Fault> {
    let pending = match item.get(name::PENDING) {
        None => None,
        Some(_) => Some(Pending {
            secret: codec::text(item, name::PENDING)?.to_owned(),
            received_at: UnixMillis(codec::number(item, name::RECEIVED_AT)?),
            source_ip: codec::text(item, name::SOURCE_IP)?.parse().ok(),
        }),
    };
    Ok(Entry {
        open_until: UnixMillis(codec::number(item, name::OPEN_UNTIL)?),
        pending,
        expires_at: UnixSeconds(codec::number(item, EXPIRES_AT)?),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_123);

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let mut entry = Entry::opened(NOW);
        let mut item = item("asana", &entry);
        assert_eq!(read_item(&item).unwrap(), entry);
        for (text, source_ip) in [("2001:db8::1", true), ("", false)] {
            item.insert(name::PENDING.into(), codec::s("hush"));
            item.insert(name::RECEIVED_AT.into(), codec::n(NOW.0));
            item.insert(name::SOURCE_IP.into(), codec::s(text));
            entry.pending = Some(Pending {
                secret: "hush".into(),
                received_at: NOW,
                source_ip: source_ip.then(|| text.parse().unwrap()),
            });
            assert_eq!(read_item(&item).unwrap(), entry);
        }
    }

    #[test]
    fn an_item_that_is_no_entry_is_a_fault_that_quotes_nothing() {
        for (name, value) in [
            (name::OPEN_UNTIL, codec::s("hush")),
            (EXPIRES_AT, codec::s("hush")),
            (name::PENDING, codec::n(1)),
            (name::PENDING, codec::s("hush")),
        ] {
            let mut item = item("asana", &Entry::opened(NOW));
            item.insert(name.into(), value);
            let fault = read_item(&item).unwrap_err();
            assert!(!fault.text.contains("hush"), "{fault}");
        }
    }
}
