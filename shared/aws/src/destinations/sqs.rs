//! Sends events to a queue of Amazon SQS: the body as the message, and what else is to be known as its attributes.

use aws_sdk_sqs::{
    Client,
    types::{
        MessageAttributeValue, MessageSystemAttributeNameForSends as SystemName,
        MessageSystemAttributeValue,
    },
};
use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};

use super::{clients, message, refusal, text};
use crate::trace;

const CALL: &str = "SendMessage";

/// Of a message with its attributes, in bytes:
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html>.
const LARGEST: usize = 1_048_576;

/// The longest name of a message group: the same page.
const LONGEST_GROUP: usize = 128;

/// A queue.
pub(super) struct Queue {
    client: Client,
    url: String,
    is_fifo: bool,
}

impl Queue {
    pub(super) fn new(config: &SdkConfig, queue: Arn) -> Self {
        // SQS reads account and name of it; which host is called is the client's business.
        let (region, account, name) = (queue.region(), queue.account(), queue.resource());
        Self {
            client: Client::new(&clients::in_region_of(config, queue)),
            url: format!("https://sqs.{region}.amazonaws.com/{account}/{name}"),
            is_fifo: text::is_fifo(queue),
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let body = text::message("SQS", outgoing)?;
        let attributes = message::attributes("SQS", outgoing)?;
        refusal::too_large("SQS", message::size(body, &attributes), LARGEST)?;
        let group = outgoing.key.as_deref();
        let mut call = self
            .client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .set_message_group_id(group.map(|group| text::group(group, LONGEST_GROUP)))
            .set_message_deduplication_id(self.is_fifo.then(|| text::once(outgoing)));
        for (name, text) in attributes {
            let value = MessageAttributeValue::builder().data_type("String");
            let value = value.string_value(text).build();
            let value = value.map_err(|_| refusal::unbuilt(CALL))?;
            call = call.message_attributes(name, value);
        }
        if let Some(header) = trace::header(outgoing.trace.as_deref()) {
            let value = MessageSystemAttributeValue::builder().data_type("String");
            let value = value.string_value(header).build();
            let value = value.map_err(|_| refusal::unbuilt(CALL))?;
            call = call.message_system_attributes(SystemName::AwsTraceHeader, value);
        }
        match call.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(refusal::of(CALL, &error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::{
        super::testing::{Aws, BODY, outgoing},
        *,
    };

    const SENT: &str = r#"{"MessageId":"1","MD5OfMessageBody":"x"}"#;

    fn queue(aws: &Aws, name: &'static str) -> Queue {
        let arn = format!("arn:aws:sqs:eu-central-1:123456789012:{name}").leak();
        Queue::new(&aws.config(), Arn::parse(arn).unwrap())
    }

    #[tokio::test]
    async fn the_body_is_the_message_and_all_else_is_its_attributes() {
        let aws = Aws::answering(200, SENT);
        let trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        let event = Outgoing {
            trace: Some(trace.into()),
            headers: [("X-Customer".to_owned(), "cus_1".to_owned())].into(),
            ..outgoing()
        };
        queue(&aws, "orders").deliver(&event).await.unwrap();
        let asked = aws.asked().remove(0);
        // In the queue's region, whatever the function's own.
        assert_eq!(asked.uri, "https://sqs.eu-central-1.amazonaws.com/");
        let sent: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
        let text = |text: &str| json!({"DataType": "String", "StringValue": text});
        assert_eq!(
            sent,
            json!({
                "QueueUrl": "https://sqs.eu-central-1.amazonaws.com/123456789012/orders",
                "MessageBody": BODY,
                "MessageAttributes": {
                    "content-type": text("application/json"),
                    "landfall-event-id": text("evt_1"),
                    "landfall-event-type": text("invoice.paid"),
                    "landfall-hops": text("1"),
                    "landfall-idempotency-key": text(&event.idempotency_key),
                    "landfall-route": text("paid-invoices"),
                    "landfall-source": text("stripe"),
                    "x-customer": text("cus_1"),
                },
                "MessageSystemAttributes": {"AWSTraceHeader": text(trace)},
            })
        );
    }

    #[tokio::test]
    async fn a_fifo_queue_takes_each_event_once_and_each_replay() {
        for (name, epoch, group, id) in [
            ("orders.fifo", 0, Some("cus_1"), Some("")),
            ("orders.fifo", 2, Some("cus_1"), Some("-2")),
            // On a standard queue a group makes for fairness, and nothing is taken for a duplicate.
            ("orders", 0, Some("cus_1"), None),
            ("orders", 0, None, None),
        ] {
            let aws = Aws::answering(200, SENT);
            let event = Outgoing {
                key: group.map(str::to_owned),
                epoch,
                ..outgoing()
            };
            queue(&aws, name).deliver(&event).await.unwrap();
            let sent = aws.asked_json();
            let id = id.map(|end| format!("{}{end}", event.idempotency_key));
            assert_eq!(sent["MessageGroupId"].as_str(), group);
            assert_eq!(sent["MessageDeduplicationId"].as_str(), id.as_deref());
        }
    }

    #[tokio::test]
    async fn what_sqs_does_not_take_is_refused_before_a_call() {
        let aws = Aws::default();
        let queue = queue(&aws, "orders");
        let headers = (0..5)
            .map(|at| (format!("x-{at}"), "a".to_owned()))
            .collect();
        let event = outgoing();
        for event in [
            Outgoing {
                body: vec![b'a'; LARGEST],
                ..event.clone()
            },
            Outgoing {
                body: b"\xff".to_vec(),
                ..event.clone()
            },
            Outgoing { headers, ..event },
        ] {
            let refusal = queue.deliver(&event).await.unwrap_err();
            assert!(matches!(refusal, Refusal::Permanent { .. }), "{refusal}");
        }
        assert!(aws.asked().is_empty());
    }

    #[tokio::test]
    async fn a_queue_that_is_not_there_is_permanent_and_no_answer_is_not() {
        let gone = r#"{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"hush"}"#;
        let aws = Aws::answering(400, gone);
        let refusal = queue(&aws, "orders").deliver(&outgoing()).await;
        let words = "SendMessage answered 400 QueueDoesNotExist";
        assert_eq!(refusal, Err(Refusal::permanent(words)));
        assert_eq!(aws.asked().len(), 1);

        let refusal = queue(&aws, "orders").deliver(&outgoing()).await;
        assert!(matches!(refusal, Err(Refusal::Transient { .. })));
        // A try is the consumer's to count.
        assert_eq!(aws.asked().len(), 1);
    }
}
