//! SQS: what is sent waits until it is received, once.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, VecDeque},
    fmt::Write as _,
};

use md5::{Digest as _, Md5};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;

use super::{Called, input};
use crate::lambda::now;

/// All queues. The one whose messages are received is the first that was sent to.
#[derive(Default)]
pub(crate) struct Queues {
    waiting: RefCell<VecDeque<Message>>,
    counts: RefCell<BTreeMap<String, u64>>,
    number: Cell<u64>,
    pub(crate) sent: Notify,
}

pub(crate) struct Message {
    id: String,
    pub(crate) body: String,
    pub(crate) sent: u64,
    trace: Option<String>,
}

/// A message that is sent: by itself, to a queue, or with others, by an id.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Send {
    #[serde(default)]
    queue_url: String,
    #[serde(default)]
    id: String,
    message_body: String,
    #[serde(default)]
    message_system_attributes: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SendBatch {
    queue_url: String,
    entries: Vec<Send>,
}

impl Message {
    /// As Lambda's event source shows it.
    pub(crate) fn record(&self) -> Value {
        let sent = (self.sent / 1_000_000).to_string();
        let mut record = json!({
            "messageId": self.id,
            "receiptHandle": format!("receipt-{}", self.id),
            "body": self.body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": sent,
                "SenderId": "AROAEXAMPLE:ingest",
                "ApproximateFirstReceiveTimestamp": sent,
            },
            "messageAttributes": {},
            "md5OfBody": md5(&self.body),
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:tickets",
            "awsRegion": "us-east-1",
        });
        if let Some(trace) = &self.trace {
            record["attributes"]["AWSTraceHeader"] = trace.as_str().into();
        }
        record
    }
}

impl Queues {
    pub(crate) fn clear(&self) {
        self.waiting.borrow_mut().clear();
        self.counts.borrow_mut().clear();
    }

    /// How many messages were sent to each queue.
    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.borrow().clone()
    }

    /// How many messages wait.
    pub(crate) fn waiting(&self) -> usize {
        self.waiting.borrow().len()
    }

    /// Takes so many messages at most, for good.
    pub(crate) fn receive(&self, most: usize) -> Vec<Message> {
        let mut waiting = self.waiting.borrow_mut();
        let most = most.min(waiting.len());
        waiting.drain(..most).collect()
    }

    pub(crate) fn call(&self, operation: &str, body: &[u8]) -> Option<Called> {
        Some(match operation {
            "SendMessage" => input(body).map(|sent: Send| self.send(&sent.queue_url, &sent)),
            "SendMessageBatch" => input(body).map(|sent: SendBatch| {
                let entries = sent.entries.iter();
                let taken: Vec<_> = entries.map(|it| self.send(&sent.queue_url, it)).collect();
                format!(r#"{{"Successful":[{}],"Failed":[]}}"#, taken.join(","))
            }),
            "GetQueueAttributes" => Ok(format!(
                r#"{{"Attributes":{{"ApproximateNumberOfMessages":"{}"}}}}"#,
                self.waiting()
            )),
            "DeleteMessage" | "ChangeMessageVisibility" => Ok("{}".into()),
            _ => return None,
        })
    }

    fn send(&self, url: &str, sent: &Send) -> String {
        self.number.set(self.number.get() + 1);
        let id = format!("00000000-0000-4000-9000-{:012x}", self.number.get());
        let answer = format!(
            r#"{{"Id":"{}","MessageId":"{id}","MD5OfMessageBody":"{}"}}"#,
            sent.id,
            md5(&sent.message_body)
        );
        *self.counts.borrow_mut().entry(url.to_owned()).or_default() += 1;
        let trace = sent.message_system_attributes.get("AWSTraceHeader");
        let trace = trace.and_then(|trace| trace["StringValue"].as_str());
        self.waiting.borrow_mut().push_back(Message {
            id,
            body: sent.message_body.clone(),
            sent: now(),
            trace: trace.map(str::to_owned),
        });
        self.sent.notify_waiters();
        answer
    }
}

fn md5(text: &str) -> String {
    Md5::digest(text.as_bytes())
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_received_once_in_its_order() {
        let queues = Queues::default();
        for body in ["a", "b", "c"] {
            let sent = format!(r#"{{"QueueUrl":"q","MessageBody":"{body}"}}"#);
            let answer = queues.call("SendMessage", sent.as_bytes()).unwrap();
            assert!(answer.is_ok_and(|text| text.contains("MD5OfMessageBody")));
        }
        let bodies = |most| -> Vec<_> {
            let received = queues.receive(most);
            received.into_iter().map(|message| message.body).collect()
        };
        assert_eq!(bodies(2), ["a", "b"]);
        assert_eq!(bodies(10), ["c"]);
        assert_eq!(queues.counts()["q"], 3);
    }

    #[test]
    fn messages_that_are_sent_together_are_each_taken_and_counted() {
        let queues = Queues::default();
        let sent = r#"{"QueueUrl":"q","Entries":[{"Id":"0","MessageBody":"a"},{"Id":"1","MessageBody":"b"}]}"#;
        let answer = queues.call("SendMessageBatch", sent.as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&answer.ok().unwrap()).unwrap();
        let ids = [0, 1].map(|at| &answer["Successful"][at]["Id"]);
        assert_eq!(ids, ["0", "1"]);
        assert_eq!((queues.waiting(), queues.counts()["q"]), (2, 2));
        let asked = queues.call("GetQueueAttributes", b"{}").unwrap();
        let said = r#"{"Attributes":{"ApproximateNumberOfMessages":"2"}}"#;
        assert!(asked.is_ok_and(|text| text == said));
    }

    #[test]
    fn a_body_is_known_by_its_md5() {
        // RFC 1321, appendix A.5.
        assert_eq!(md5("abc"), "900150983cd24fb0d6963f7d28e17f72");
    }

    #[test]
    fn a_message_shows_its_trace_as_the_event_source_does() {
        let queues = Queues::default();
        let sent = r#"{"QueueUrl":"q","MessageBody":"a","MessageSystemAttributes":{"AWSTraceHeader":{"DataType":"String","StringValue":"Root=1"}}}"#;
        assert!(queues.call("SendMessage", sent.as_bytes()).unwrap().is_ok());
        let record = queues.receive(1)[0].record();
        assert_eq!(record["attributes"]["AWSTraceHeader"], "Root=1");
        assert_eq!(record["eventSource"], "aws:sqs");
    }
}
