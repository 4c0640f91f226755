//! What all consumers share of a destination, in the ledger's table: its health, the counters of its rate, its places.
//!
//! Nothing of it is there for a destination that has neither failed nor has bounds.

use aws_sdk_dynamodb::{Client, operation::update_item::UpdateItemError};
use protocol::{
    destination::{Health, Standing, Window},
    fault::Fault,
    ledger::EventRecord,
    ports::{self, Written},
    time::{Millis, UnixMillis},
};

use crate::{
    codec::{self, Item, name, primary},
    conditional::Conditional,
    fault,
    ledger::written,
};

/// How long a counter stays when its window is over: no clock is so far ahead.
const COUNTER_LASTS: Millis = Millis::seconds(3_600);

/// The attributes' names, beside those of the ledger's other items.
mod own {
    pub(super) const SINCE: &str = "since";
    pub(super) const WINDOW: &str = "window";
    pub(super) const REACHED: &str = "reached";
    pub(super) const FAILED: &str = "failed";
    pub(super) const FAILED_TRIALS: &str = "failed_trials";
    pub(super) const REVISION: &str = "revision";
    pub(super) const USED: &str = "used";
}

/// The ledger's table, as destinations are kept in it.
#[derive(Clone, Debug)]
pub struct Gates {
    client: Client,
    table: String,
    shards: u32,
}

impl Gates {
    /// The destinations in this table. `shards` is over how many partitions of the index events are spread; whoever tells of no
    /// change may give any number.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>, shards: u32) -> Self {
        Self {
            client,
            table: table.into(),
            shards,
        }
    }
}

impl ports::Gates for Gates {
    async fn read_health(&self, destination: &str) -> Result<Option<Health>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(primary(&partition(destination), "health")))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading a destination's health", &error))?;
        found.item().map(read_health).transpose()
    }

    async fn write_health(
        &self,
        destination: &str,
        health: &Health,
        told: Option<&EventRecord>,
    ) -> Result<Written, Fault> {
        let (condition, values) = if health.revision == 1 {
            ("attribute_not_exists(#revision)", Vec::new())
        } else {
            let before = codec::n(health.revision.saturating_sub(1));
            ("#revision = :before", vec![(":before", before)])
        };
        let next = Conditional {
            item: health_item(destination, health),
            condition,
            names: vec![("#revision", own::REVISION)],
            values,
        };
        let told = told.into_iter();
        let told = told.map(|event| codec::event_item(event, self.shards));
        let step = "writing a destination's health";
        let written = next.write(&self.client, &self.table, told.collect(), step);
        if written.await? == Written::Yes {
            return Ok(Written::Yes);
        }
        // An answer that was lost, and the call made again, meets its own write.
        let found = self.read_health(destination).await?;
        Ok(if found.as_ref() == Some(health) {
            Written::Yes
        } else {
            Written::No
        })
    }

    async fn count(
        &self,
        destination: &str,
        window: UnixMillis,
        per: Millis,
        limit: u32,
    ) -> Result<Written, Fault> {
        let end = window.plus(per).plus(COUNTER_LASTS).seconds();
        let counted = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(primary(
                &partition(destination),
                &format!("rate#{}", window.0),
            )))
            .update_expression("ADD #used :one SET #expires_at = :end")
            .condition_expression("attribute_not_exists(#used) OR #used < :limit")
            .expression_attribute_names("#used", own::USED)
            .expression_attribute_names("#expires_at", name::EXPIRES_AT)
            .expression_attribute_values(":one", codec::n(1))
            .expression_attribute_values(":limit", codec::n(limit))
            .expression_attribute_values(":end", codec::n(end.0))
            .send()
            .await;
        fault::of_write(
            "counting in a destination's rate",
            counted,
            UpdateItemError::is_conditional_check_failed_exception,
        )
    }

    async fn take_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
        now: UnixMillis,
        until: UnixMillis,
    ) -> Result<Written, Fault> {
        let mut item = primary(&partition(destination), &sort_of_place(place));
        item.insert(name::TOKEN.into(), codec::n(token));
        item.insert(name::UNTIL.into(), codec::n(until.0));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            // A call that is made again meets its own token.
            .condition_expression(
                "attribute_not_exists(#until) OR #until <= :now OR #token = :token",
            )
            .expression_attribute_names("#until", name::UNTIL)
            .expression_attribute_names("#token", name::TOKEN)
            .expression_attribute_values(":now", codec::n(now.0))
            .expression_attribute_values(":token", codec::n(token));
        written(put, "taking a destination's place").await
    }

    async fn free_place(
        &self,
        destination: &str,
        place: u32,
        token: u64,
    ) -> Result<Written, Fault> {
        let mut item = primary(&partition(destination), &sort_of_place(place));
        item.insert(name::TOKEN.into(), codec::n(token));
        item.insert(name::UNTIL.into(), codec::n(0));
        let put = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
            .condition_expression("#token = :token")
            .expression_attribute_names("#token", name::TOKEN)
            .expression_attribute_values(":token", codec::n(token));
        written(put, "freeing a destination's place").await
    }
}

/// A destination's partition key. No event has one that begins with `#`, for no source's name is empty.
fn partition(destination: &str) -> String {
    format!("#destination#{destination}")
}

fn sort_of_place(place: u32) -> String {
    format!("place#{place}")
}

fn health_item(destination: &str, health: &Health) -> Item {
    let mut item = primary(&partition(destination), "health");
    let mut put = |name: &str, value| item.insert(name.to_owned(), value);
    put(name::STATE, codec::s(health.standing.as_str()));
    put(own::SINCE, codec::n(health.since.0));
    put(name::UNTIL, codec::n(health.until.0));
    put(own::WINDOW, codec::n(health.window.began.0));
    put(own::REACHED, codec::n(health.window.reached));
    put(own::FAILED, codec::n(health.window.failed));
    put(own::FAILED_TRIALS, codec::n(health.failed_trials));
    put(own::REVISION, codec::n(health.revision));
    put(name::TOKEN, codec::n(health.token));
    if let Some(error) = &health.last_error {
        put(name::LAST_ERROR, codec::s(error));
    }
    item
}

fn read_health(item: &Item) -> Result<Health, Fault> {
    let standing = Standing::named(codec::text(item, name::STATE)?);
    Ok(Health {
        standing: standing.ok_or_else(|| codec::broken(name::STATE))?,
        since: UnixMillis(codec::number(item, own::SINCE)?),
        until: UnixMillis(codec::number(item, name::UNTIL)?),
        window: Window {
            began: UnixMillis(codec::number(item, own::WINDOW)?),
            reached: codec::number(item, own::REACHED)?,
            failed: codec::number(item, own::FAILED)?,
        },
        failed_trials: codec::number(item, own::FAILED_TRIALS)?,
        last_error: item
            .get(name::LAST_ERROR)
            .and_then(|value| value.as_s().ok())
            .cloned(),
        revision: codec::number(item, own::REVISION)?,
        token: codec::number(item, name::TOKEN)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_health_is_read_as_it_is_written() {
        for standing in [
            Standing::Closed,
            Standing::Open,
            Standing::Trial,
            Standing::Paused,
        ] {
            let health = Health {
                standing,
                since: UnixMillis(1),
                until: UnixMillis(2),
                window: Window {
                    began: UnixMillis(3),
                    reached: 4,
                    failed: 5,
                },
                failed_trials: 6,
                last_error: Some("503".into()),
                revision: 7,
                token: 8,
            };
            assert_eq!(read_health(&health_item("a", &health)), Ok(health));
        }
        let fresh = Health::default();
        assert_eq!(read_health(&health_item("a", &fresh)), Ok(fresh));
    }

    #[test]
    fn an_item_that_says_nothing_sound_is_no_health() {
        let mut item = health_item("a", &Health::default());
        item.insert(name::STATE.into(), codec::s("ajar"));
        assert_eq!(read_health(&item), Err(codec::broken(name::STATE)));
    }
}
