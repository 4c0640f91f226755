//! Secrets that wait for the operator, in a DynamoDB table of their own: key `pk`, the source's name.
//!
//! Of the functions only ingest may touch it, and may do nothing but update an item. Opening, reading and
//! ending an enrolment is the operator's.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aws_sdk_dynamodb::{
    Client,
    operation::{
        delete_item::DeleteItemError, put_item::PutItemError, update_item::UpdateItemError,
    },
    types::ReturnValue,
};
use protocol::{
    fault::Fault,
    ports::Written,
    time::{Millis, UnixMillis, UnixSeconds},
};
use webhook::{
    endpoint::enrolment::{Entry, Offer, Pending},
    ports,
};

use crate::{
    codec::{self, Item},
    fault,
};

const PK: &str = "pk";
const OPEN_UNTIL: &str = "open_until";
const PENDING: &str = "pending";
const RECEIVED_AT: &str = "received_at";
const SOURCE_IP: &str = "source_ip";
const EXPIRES_AT: &str = "expires_at";

/// How long a process believes that a source takes no secret, having tried to keep one: anybody can send what
/// looks like one, and each try is a write.
const REFUSED: Millis = Millis::seconds(2);

/// The table.
#[derive(Clone, Debug)]
pub struct Enrolments {
    client: Client,
    table: String,
    refused: Arc<Mutex<Refused>>,
}

/// The sources that took no secret, and when that was last tried.
#[derive(Debug, Default)]
struct Refused(HashMap<String, UnixMillis>);

impl Refused {
    fn is_fresh(&self, source: &str, now: UnixMillis) -> bool {
        let tried = self.0.get(source);
        tried.is_some_and(|tried| now.since(*tried) < REFUSED)
    }
}

impl Enrolments {
    /// The table of this name.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self {
            client,
            table: table.into(),
            refused: Arc::default(),
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
            .expression_attribute_names("#pending", PENDING)
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
            .key(PK, codec::s(source))
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
            .key(PK, codec::s(source))
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
            .key(PK, codec::s(source))
            .condition_expression("#pending = :pending")
            .expression_attribute_names("#pending", PENDING)
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

impl ports::Enrolments for Enrolments {
    async fn keep(
        &self,
        source: &str,
        offer: &Offer,
        from: Option<IpAddr>,
        now: UnixMillis,
    ) -> Result<Written, Fault> {
        if self.refused().is_fresh(source, now) {
            return Ok(Written::No);
        }
        let from = from.map_or_else(String::new, |address| address.to_string());
        let kept = self
            .client
            .update_item()
            .table_name(&self.table)
            .key(PK, codec::s(source))
            .update_expression(
                "SET #pending = :pending, #received_at = if_not_exists(#received_at, :now), \
                 #source_ip = if_not_exists(#source_ip, :from)",
            )
            // Of an item that isn't there no attribute is greater than anything.
            .condition_expression(
                "#open_until > :now AND (attribute_not_exists(#pending) OR #pending = :pending)",
            )
            .expression_attribute_names("#open_until", OPEN_UNTIL)
            .expression_attribute_names("#pending", PENDING)
            .expression_attribute_names("#received_at", RECEIVED_AT)
            .expression_attribute_names("#source_ip", SOURCE_IP)
            .expression_attribute_values(":pending", codec::s(offer.secret()))
            .expression_attribute_values(":now", codec::n(now.0))
            .expression_attribute_values(":from", codec::s(from))
            .send()
            .await;
        let kept = fault::of_write(
            "keeping what was handed over",
            kept,
            UpdateItemError::is_conditional_check_failed_exception,
        );
        if kept == Ok(Written::No) {
            self.refused().0.insert(source.to_owned(), now);
        }
        kept
    }
}

impl Enrolments {
    fn refused(&self) -> std::sync::MutexGuard<'_, Refused> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An entry in which nothing waits yet: what waits there is written by nobody but [`keep`].
///
/// [`keep`]: ports::Enrolments::keep
fn item(source: &str, entry: &Entry) -> Item {
    Item::from([
        (PK.into(), codec::s(source)),
        (OPEN_UNTIL.into(), codec::n(entry.open_until.0)),
        (EXPIRES_AT.into(), codec::n(entry.expires_at.0)),
    ])
}

fn read_item(item: &Item) -> Result<Entry, Fault> {
    let pending = match item.get(PENDING) {
        None => None,
        Some(_) => Some(Pending {
            secret: codec::text(item, PENDING)?.to_owned(),
            received_at: UnixMillis(codec::number(item, RECEIVED_AT)?),
            source_ip: codec::text(item, SOURCE_IP)?.parse().ok(),
        }),
    };
    Ok(Entry {
        open_until: UnixMillis(codec::number(item, OPEN_UNTIL)?),
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
    fn what_takes_no_secret_is_believed_for_two_seconds_and_of_one_source() {
        let refused = Refused(HashMap::from([("asana".to_owned(), NOW)]));
        let after = |millis| NOW.plus(Millis(millis));
        assert!(refused.is_fresh("asana", NOW) && refused.is_fresh("asana", after(1_999)));
        assert!(!refused.is_fresh("asana", after(2_000)));
        assert!(!refused.is_fresh("notion", NOW));
    }

    #[test]
    fn an_entry_comes_back_as_it_was() {
        let mut entry = Entry::opened(NOW);
        let mut item = item("asana", &entry);
        assert_eq!(read_item(&item).unwrap(), entry);
        for (text, source_ip) in [("2001:db8::1", true), ("", false)] {
            item.insert(PENDING.into(), codec::s("hush"));
            item.insert(RECEIVED_AT.into(), codec::n(NOW.0));
            item.insert(SOURCE_IP.into(), codec::s(text));
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
            (OPEN_UNTIL, codec::s("hush")),
            (EXPIRES_AT, codec::s("hush")),
            (PENDING, codec::n(1)),
            (PENDING, codec::s("hush")),
        ] {
            let mut item = item("asana", &Entry::opened(NOW));
            item.insert(name.into(), value);
            let fault = read_item(&item).unwrap_err();
            assert!(!fault.text.contains("hush"), "{fault}");
        }
    }
}
