//! The ledger on DynamoDB: the outbox that ingest writes, the work that consumers claim.

use aws_sdk_dynamodb::{
    Client,
    operation::put_item::{PutItemError, builders::PutItemFluentBuilder},
    types::{AttributeValue, ReturnValuesOnConditionCheckFailure},
};
use protocol::{
    fault::{Fault, FaultKind},
    ledger::{EventKey, EventRecord, Holder, State, Work, WorkVersion},
    ports::{self, Entry, Put, Written},
    time::UnixMillis,
};

use crate::{
    codec::{self, Item, name, sort},
    conditional::Conditional,
    fault,
};

/// The table of events and their work.
#[derive(Clone, Debug)]
pub struct Ledger {
    client: Client,
    table: String,
    shards: u32,
}

impl Ledger {
    /// The ledger in this table. `shards` is over how many partitions of the index events are spread; whoever writes
    /// no events may give any number.
    #[must_use]
    pub fn new(client: Client, table: impl Into<String>, shards: u32) -> Self {
        Self {
            client,
            table: table.into(),
            shards,
        }
    }

    /// Opens a connection, so that the first delivery needn't wait for one: reads an item that isn't
    /// there. Needs no permission that ingest does not have. A failure is nothing to stop for.
    pub async fn warm_up(&self) {
        codec::warm_up();
        let nothing = EventKey::new("", "");
        if let Err(fault) = ports::Recorder::read_work(self, &nothing).await {
            tracing::debug!(error = %fault, "the ledger's connection could not be opened in advance");
        }
    }

    fn put(&self, item: Item) -> PutItemFluentBuilder {
        self.client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(item))
    }
}

impl ports::Recorder for Ledger {
    async fn put_event(&self, event: &EventRecord, now: UnixMillis) -> Result<Put, Fault> {
        let written = self
            .put(codec::event_item(event, self.shards))
            // TTL deletes late: an item that has expired counts as absent.
            .condition_expression("attribute_not_exists(#pk) OR #expires_at <= :now")
            .expression_attribute_names("#pk", name::PK)
            .expression_attribute_names("#expires_at", name::EXPIRES_AT)
            .expression_attribute_values(":now", codec::n(now.seconds().0))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = written else {
            return Ok(Put::Stored);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(found)) => match found.item() {
                Some(item) => codec::read_existing(item).map(Put::Exists),
                None => Err(Fault::new(
                    FaultKind::Malformed,
                    "writing the event",
                    "the ledger didn't show the event that stands there",
                )),
            },
            _ => Err(fault::of("writing the event", &error)),
        }
    }

    async fn read_work(&self, key: &EventKey) -> Result<Option<Work>, Fault> {
        let found = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(codec::primary(&key.to_string(), sort::WORK)))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading the work", &error))?;
        found.item().map(codec::read_work).transpose()
    }
}

impl ports::Claims for Ledger {
    async fn read(&self, key: &EventKey) -> Result<Entry, Fault> {
        let found = self
            .client
            .query()
            .table_name(&self.table)
            .key_condition_expression("#pk = :pk")
            .expression_attribute_names("#pk", name::PK)
            .expression_attribute_values(":pk", codec::s(key.to_string()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| fault::of("reading the event", &error))?;
        let item = |sk: &str| {
            found
                .items()
                .iter()
                .find(|item| item.get(name::SK) == Some(&codec::s(sk)))
        };
        Ok(Entry {
            event: item(sort::EVENT).map(codec::read_event).transpose()?,
            work: item(sort::WORK).map(codec::read_work).transpose()?,
        })
    }

    async fn claim(
        &self,
        key: &EventKey,
        as_read: Option<WorkVersion>,
        work: &Work,
    ) -> Result<Written, Fault> {
        let put = self.put(codec::work_item(key, work, self.shards));
        let put = match as_read {
            None => put
                .condition_expression("attribute_not_exists(#pk)")
                .expression_attribute_names("#pk", name::PK),
            Some(version) => unchanged(put, version),
        };
        let written = put
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .send()
            .await;
        let Err(error) = written else {
            return Ok(Written::Yes);
        };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(found)) => match found.item() {
                Some(item) if codec::read_work(item)? == *work => Ok(Written::Yes),
                _ => Ok(Written::No),
            },
            _ => Err(fault::of("claiming the event", &error)),
        }
    }

    async fn finish(
        &self,
        key: &EventKey,
        holder: Holder,
        work: &Work,
        told: &[EventRecord],
    ) -> Result<Written, Fault> {
        let finished = Conditional {
            item: codec::work_item(key, work, self.shards),
            condition: UNCHANGED,
            names: NAMES.to_vec(),
            values: values(WorkVersion {
                life: holder.life,
                state: State::Processing,
                attempt: holder.attempt,
                until: holder.until,
            }),
        };
        let told = told.iter();
        let told = told.map(|event| codec::event_item(event, self.shards));
        let step = "finishing the event";
        finished
            .write(&self.client, &self.table, told.collect(), step)
            .await
    }
}

/// Lets a write through only if the work stands exactly so.
const UNCHANGED: &str =
    "#life = :life AND #state = :state AND #attempt = :attempt AND #until = :until";

/// What [`UNCHANGED`] compares.
const NAMES: [(&str, &str); 4] = [
    ("#life", name::LIFE),
    ("#state", name::STATE),
    ("#attempt", name::ATTEMPT),
    ("#until", name::UNTIL),
];

/// What it compares it with.
fn values(version: WorkVersion) -> Vec<(&'static str, AttributeValue)> {
    vec![
        (":life", codec::n(version.life.0.0)),
        (":state", codec::s(version.state.as_str())),
        (":attempt", codec::n(version.attempt)),
        (":until", codec::n(version.until.0)),
    ]
}

fn unchanged(put: PutItemFluentBuilder, version: WorkVersion) -> PutItemFluentBuilder {
    let put = NAMES
        .into_iter()
        .fold(put.condition_expression(UNCHANGED), |put, (name, of)| {
            put.expression_attribute_names(name, of)
        });
    values(version).into_iter().fold(put, |put, (name, value)| {
        put.expression_attribute_values(name, value)
    })
}

/// Whether a conditional write took place.
pub(crate) async fn written(
    put: PutItemFluentBuilder,
    step: &'static str,
) -> Result<Written, Fault> {
    let put = put.send().await;
    fault::of_write(
        step,
        put,
        PutItemError::is_conditional_check_failed_exception,
    )
}
