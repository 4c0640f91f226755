//! What is asked of SQS, and what follows from its answers, by the words of `SendMessageBatch`'s reference.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Mutex};

use aws_sdk_sqs::Client;
use aws_smithy_runtime_api::{
    client::{
        http::{HttpConnector, HttpConnectorFuture},
        orchestrator::{HttpRequest, HttpResponse},
    },
    http::StatusCode,
};
use protocol::{
    ledger::{EventKey, Life},
    ports::{MOST_TOGETHER, Queue as _},
    ticket::Why,
    time::UnixMillis,
};
use serde_json::{Value, json};

use super::*;
use crate::clients::answered_by;

/// SQS, which has this to say of every call.
#[derive(Clone, Debug)]
struct Sqs {
    says: Value,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Sqs {
    fn saying(says: Value) -> Self {
        let asked = Arc::default();
        Self { says, asked }
    }

    async fn send(&self, count: usize) -> Result<(), Unsent> {
        let client = Client::new(&answered_by(self.clone()));
        let queue = Queue::new(client, "https://sqs.example/tickets");
        let queue = queue.traced(Some("Root=1-5759e988-bd862e3fe1be46a994272793"));
        let ticket = |at: usize| {
            let at_time = UnixMillis(1_800_000_000_000);
            let key = EventKey::new("stripe", format!("evt_{at}"));
            Ticket::new(key, Life(at_time), Why::Sweep, at_time)
        };
        let tickets: Vec<Ticket> = (0..count).map(ticket).collect();
        queue.send_together(&tickets).await
    }
}

impl HttpConnector for Sqs {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let input = serde_json::from_slice(request.body().bytes().unwrap()).unwrap();
        self.asked.lock().unwrap().push(input);
        let status = StatusCode::try_from(200).unwrap();
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, self.says.to_string().into())))
    }
}

fn taken(ids: &[usize]) -> Value {
    let entry =
        |id: &usize| json!({"Id": id.to_string(), "MessageId": "m", "MD5OfMessageBody": "d"});
    ids.iter().map(entry).collect()
}

fn refused(id: usize, code: &str) -> Value {
    json!({"Id": id.to_string(), "Code": code, "Message": "why", "SenderFault": false})
}

#[tokio::test]
async fn tickets_that_are_sent_together_take_one_call() {
    let all: Vec<usize> = (0..MOST_TOGETHER).collect();
    let sqs = Sqs::saying(json!({"Successful": taken(&all)}));

    assert_eq!(sqs.send(MOST_TOGETHER).await, Ok(()));

    let asked = sqs.asked.lock().unwrap();
    let [call] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(call["QueueUrl"], "https://sqs.example/tickets");
    let entries = call["Entries"].as_array().unwrap();
    assert_eq!(entries.len(), MOST_TOGETHER);
    for (at, entry) in entries.iter().enumerate() {
        assert_eq!(entry["Id"], at.to_string());
        assert_eq!(entry["MessageGroupId"], "stripe");
        let ticket = Ticket::decode(entry["MessageBody"].as_str().unwrap()).unwrap();
        assert_eq!(ticket.key.id(), format!("evt_{at}"));
        let trace = &entry["MessageSystemAttributes"]["AWSTraceHeader"]["StringValue"];
        let trace = trace.as_str().unwrap();
        assert!(trace.starts_with("Root=1-5759e988-bd862e3fe1be46a994272793"));
    }
}

#[tokio::test]
async fn no_ticket_is_no_call() {
    let sqs = Sqs::saying(json!({}));
    assert_eq!(sqs.send(0).await, Ok(()));
    assert!(sqs.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_ticket_counts_as_sent_when_sqs_says_so_and_in_no_other_case() {
    let throttled = "sending tickets: AWS.SimpleQueueService.RequestThrottled: why";
    let silent = "sending tickets: nothing is said of a ticket";
    for (successful, failed, first, kind, words) in [
        // In no order of its own.
        (
            taken(&[3, 1, 0]),
            json!([refused(2, "AWS.SimpleQueueService.RequestThrottled")]),
            2,
            FaultKind::Throttled,
            throttled,
        ),
        (
            taken(&[3]),
            json!([refused(2, "x"), refused(0, "AccessDenied"), refused(1, "y")]),
            0,
            FaultKind::Denied,
            "sending tickets: AccessDenied: why",
        ),
        // What is said of invalid input may quote it.
        (
            taken(&[0, 1, 2]),
            json!([refused(3, "InvalidMessageContents")]),
            3,
            FaultKind::Other,
            "sending tickets: InvalidMessageContents",
        ),
        (json!([]), json!([]), 0, FaultKind::Other, silent),
        (taken(&[0, 2, 3]), json!([]), 1, FaultKind::Other, silent),
        // Of others than were sent.
        (taken(&[4, 5, 6, 7]), json!([]), 0, FaultKind::Other, silent),
    ] {
        let sqs = Sqs::saying(json!({"Successful": successful, "Failed": failed}));
        let unsent = sqs.send(4).await.unwrap_err();
        assert_eq!(
            (unsent.first, unsent.fault.kind),
            (first, kind),
            "{successful} {failed}"
        );
        assert_eq!(unsent.fault.to_string(), words);
    }
}
