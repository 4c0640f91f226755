//! The floor of the consumer: of each ticket the calls that the consumer makes where a handler makes one write of its own.

use std::{collections::HashMap, rc::Rc};

use aws_sdk_dynamodb::{
    operation::put_item::builders::PutItemFluentBuilder,
    types::AttributeValue::{self, N, S},
};
use bytes::Bytes;
use lambda_runtime::Error;
use landfall_aws::{
    clients::{Clients, Profile},
    clock::SystemClock,
};
use landfall_floor::{log, serve, setting};
use protocol::ports::Clock as _;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Batch {
    records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    message_id: String,
    body: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    batch_item_failures: Vec<Failed>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Failed {
    item_identifier: String,
}

#[derive(Serialize)]
struct Line<'a> {
    outcome: &'static str,
    event_id: &'a str,
}

struct Worker {
    clients: Clients,
    table: String,
    projection: String,
}

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), Error> {
    tokio::task::spawn_local(run()).await?
}

async fn run() -> Result<(), Error> {
    let worker = Rc::new(Worker {
        clients: Clients::load(Profile::Working),
        table: setting("TABLE")?,
        projection: setting("PROJECTION_TABLE")?,
    });
    serve(async |event| worker.work_on_all(event).await).await
}

impl Worker {
    /// The records side by side, so that a slow one keeps no other waiting.
    async fn work_on_all(self: &Rc<Self>, event: Bytes) -> Result<Answer, Error> {
        let mut tasks = JoinSet::new();
        for record in serde_json::from_slice::<Batch>(&event)?.records {
            let worker = Rc::clone(self);
            tasks.spawn_local(async move {
                let failed = worker.work_on(&record.body).await.is_err();
                failed.then_some(record.message_id)
            });
        }
        let failed = tasks.join_all().await.into_iter().flatten();
        Ok(Answer {
            batch_item_failures: failed
                .map(|item_identifier| Failed { item_identifier })
                .collect(),
        })
    }

    async fn work_on(&self, id: &str) -> Result<(), Error> {
        let query = self
            .clients
            .dynamodb
            .query()
            .table_name(&self.table)
            .consistent_read(true);
        let query = query.key_condition_expression("pk = :pk");
        let query = query.expression_attribute_values(":pk", S(id.into()));
        let found = Box::pin(query.send()).await?;
        let is_event = |item: &&HashMap<String, AttributeValue>| item.contains_key("body");
        found
            .items()
            .iter()
            .find(is_event)
            .ok_or("there is no such event")?;

        let claim = self
            .work(id, "processing")
            .condition_expression("attribute_not_exists(pk)");
        Box::pin(claim.send()).await?;

        let put = self
            .clients
            .dynamodb
            .put_item()
            .table_name(&self.projection);
        let now = N(SystemClock.now().0.to_string());
        let put = put.item("pk", S(id.into())).item("state", S("paid".into()));
        let put = put
            .item("occurred_at", now.clone())
            .expression_attribute_values(":now", now);
        let put =
            put.condition_expression("attribute_not_exists(occurred_at) OR occurred_at <= :now");
        Box::pin(put.send()).await?;

        let finish = self
            .work(id, "succeeded")
            .condition_expression("attempt = :attempt");
        let finish = finish.expression_attribute_values(":attempt", N("1".into()));
        Box::pin(finish.send()).await?;
        log(&Line {
            outcome: "succeeded",
            event_id: id,
        })
    }

    /// Writes what became of the event.
    fn work(&self, id: &str, state: &str) -> PutItemFluentBuilder {
        let put = self.clients.dynamodb.put_item().table_name(&self.table);
        let put = put.item("pk", S(id.into())).item("sk", S("work".into()));
        let put = put
            .item("state", S(state.into()))
            .item("attempt", N("1".into()));
        put.item("until", N(SystemClock.now().0.to_string()))
    }
}
