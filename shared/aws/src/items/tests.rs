#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use serde_json::{Value, json};

use super::*;
use crate::{
    clients::answered_by,
    codec::{primary, text},
};

/// `BatchGetItem` as its reference describes it, of a table `t` that has every item: of each call as many are processed
/// as are said, and keys may not be more than a hundred.
#[derive(Clone, Debug)]
struct Table {
    processed: usize,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Table {
    fn new(processed: usize) -> Self {
        Self {
            processed,
            asked: Arc::default(),
        }
    }

    fn client(&self) -> Client {
        Client::new(&answered_by(self.clone()))
    }

    fn counts(&self) -> Vec<usize> {
        let asked = self.asked.lock().unwrap();
        let count = |asked: &Value| asked["Keys"].as_array().unwrap().len();
        asked.iter().map(count).collect()
    }
}

impl HttpConnector for Table {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let input: Value = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        let asked = input["RequestItems"]["t"].clone();
        let keys = asked["Keys"].as_array().unwrap();
        assert!((1..=100).contains(&keys.len()));
        let (found, left) = keys.split_at(keys.len().min(self.processed));
        let mut output = json!({"Responses": {"t": found}, "UnprocessedKeys": {}});
        if !left.is_empty() {
            let mut again = asked.clone();
            again["Keys"] = left.into();
            output["UnprocessedKeys"] = json!({"t": again});
        }
        self.asked.lock().unwrap().push(asked);
        let status = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, output.to_string().into())))
    }
}

async fn read_from(table: &Table, count: usize, attributes: &[&str]) -> Result<Vec<String>, Fault> {
    let keys = (0..count).map(|key| primary(&format!("{key:03}"), "event"));
    let asked = Asked {
        step: "reading",
        attributes,
        reads: Reads::Strongly,
    };
    let items = read(&table.client(), "t", keys.collect(), asked).await?;
    let key = |item: &Item| text(item, "pk").map(str::to_owned);
    items.iter().map(key).collect()
}

#[tokio::test]
async fn more_than_one_call_takes_are_read_in_several() {
    let table = Table::new(100);

    let read = read_from(&table, 250, &[]).await.unwrap();

    let expected: Vec<String> = (0..250).map(|key| format!("{key:03}")).collect();
    assert_eq!(read, expected);
    assert_eq!(table.counts(), [100, 100, 50]);
    assert!(read_from(&table, 0, &[]).await.unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_left_unprocessed_is_asked_for_again_and_not_for_ever() {
    let table = Table::new(40);
    assert_eq!(read_from(&table, 100, &[]).await.unwrap().len(), 100);
    assert_eq!(table.counts(), [100, 60, 20]);

    let throttled = Table::new(0);
    let fault = read_from(&throttled, 3, &[]).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Throttled);
    assert_eq!(throttled.counts(), [3; 6]);
}

#[tokio::test]
async fn attributes_are_named_by_placeholders_and_reads_are_consistent() {
    let table = Table::new(100);

    read_from(&table, 1, &["pk", "state"]).await.unwrap();
    read_from(&table, 1, &[]).await.unwrap();

    let asked = table.asked.lock().unwrap();
    assert_eq!(asked[0]["ProjectionExpression"], "#pk, #state");
    let names = json!({"#pk": "pk", "#state": "state"});
    assert_eq!(asked[0]["ExpressionAttributeNames"], names);
    assert_eq!(asked[1].get("ProjectionExpression"), None);
    assert!(asked.iter().all(|asked| asked["ConsistentRead"] == true));
}

#[tokio::test(start_paused = true)]
async fn an_older_state_is_read_where_that_will_do() {
    let table = Table::new(1);
    let keys = vec![primary("a", "work"), primary("b", "work")];
    let asked = Asked {
        step: "reading",
        attributes: &[],
        reads: Reads::Eventually,
    };

    read(&table.client(), "t", keys, asked).await.unwrap();

    // What is left unprocessed is asked for in the same way.
    let asked = table.asked.lock().unwrap();
    let reads = asked.iter().map(|asked| &asked["ConsistentRead"]);
    assert_eq!(reads.collect::<Vec<_>>(), [false, false]);
}
