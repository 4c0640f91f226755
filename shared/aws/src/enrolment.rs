//! Secrets that wait for the operator, in a DynamoDB table that is not the ledger: key `pk`, the source's name. The room of
//! quarantines stands there too ([`quarantine`](crate::quarantine)).
//!
//! Of the functions only ingest may touch it, and may do nothing but update an item. Opening, reading and
//! ending an enrolment is the operator's (`operator/enrolment.rs`).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::{Client, operation::update_item::UpdateItemError};
use protocol::{
    fault::Fault,
    ports::Written,
    time::{Millis, UnixMillis},
};
use webhook::{endpoint::enrolment::Offer, ports};

use crate::{codec, fault};

/// The attributes' names.
pub(crate) mod name {
    pub(crate) const PK: &str = "pk";
    pub(crate) const OPEN_UNTIL: &str = "open_until";
    pub(crate) const PENDING: &str = "pending";
    pub(crate) const RECEIVED_AT: &str = "received_at";
    pub(crate) const SOURCE_IP: &str = "source_ip";
}

/// How long a process believes that a source takes no secret, having tried to keep one: anybody can send what
/// looks like one, and each try is a write.
pub(crate) const REFUSED: Millis = Millis::seconds(2);

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
            .key(name::PK, codec::s(source))
            .update_expression(
                "SET #pending = :pending, #received_at = if_not_exists(#received_at, :now), \
                 #source_ip = if_not_exists(#source_ip, :from)",
            )
            // Of an item that isn't there no attribute is greater than anything.
            .condition_expression(
                "#open_until > :now AND (attribute_not_exists(#pending) OR #pending = :pending)",
            )
            .expression_attribute_names("#open_until", name::OPEN_UNTIL)
            .expression_attribute_names("#pending", name::PENDING)
            .expression_attribute_names("#received_at", name::RECEIVED_AT)
            .expression_attribute_names("#source_ip", name::SOURCE_IP)
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

#[cfg(test)]
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
}
