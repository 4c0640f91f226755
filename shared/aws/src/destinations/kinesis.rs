//! Puts events into a stream of Amazon Kinesis, each as a record that is a `CloudEvent`. What has the same partition key stays in
//! order; without one, events are spread over the shards.

use aws_types::SdkConfig;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{clients, json, refusal, text};
use crate::service::{KINESIS, Service};

/// Of a record with its partition key, in bytes. A stream takes 1 MiB unless it was told to take more:
/// <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html>.
const LARGEST: usize = 10 * 1_048_576;

/// The longest partition key: the same page.
const LONGEST_KEY: usize = 256;

/// A stream.
pub(super) struct Stream {
    service: Service,
    stream: Arn,
}

impl Stream {
    pub(super) fn new(config: &SdkConfig, stream: Arn) -> Self {
        Self {
            service: Service::new(&KINESIS, &clients::in_region_of(config, stream)),
            stream,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let record = json::cloud_event(outgoing)?;
        let key = outgoing.key.as_ref().unwrap_or(&outgoing.idempotency_key);
        let key = text::group(key, LONGEST_KEY);
        refusal::too_large("Kinesis", record.len() + key.len(), LARGEST)?;
        let record = json!({
            "StreamARN": self.stream.as_str(),
            "PartitionKey": key,
            "Data": STANDARD.encode(record),
        });
        match self.service.json("PutRecord", &record).await {
            Ok(IgnoredAny) => Ok(()),
            Err(error) => Err(refusal::of("PutRecord", &error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{
        super::testing::{Aws, outgoing},
        *,
    };

    async fn deliver(aws: &Aws, outgoing: &Outgoing) -> Result<(), Refusal> {
        let arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/orders";
        let stream = Stream::new(&aws.config(), Arn::parse(arn).unwrap());
        stream.deliver(outgoing).await
    }

    #[tokio::test]
    async fn a_record_is_the_event_under_the_partition_key() {
        let key = outgoing().idempotency_key;
        for (given, expected) in [(Some("cus_1"), "cus_1"), (None, key.as_str())] {
            let aws = Aws::answering(200, r#"{"ShardId":"1","SequenceNumber":"1"}"#);
            let event = Outgoing {
                key: given.map(str::to_owned),
                ..outgoing()
            };
            deliver(&aws, &event).await.unwrap();
            let sent = aws.asked_json();
            assert_eq!(sent["PartitionKey"], expected);
            let data = STANDARD.encode(json::cloud_event(&event).unwrap());
            assert_eq!(sent["Data"], data);
        }
    }

    #[tokio::test]
    async fn a_stream_that_is_busy_may_take_it_later_and_one_that_is_gone_will_not() {
        for (code, passes) in [
            ("ProvisionedThroughputExceededException", true),
            ("ResourceNotFoundException", false),
        ] {
            let answer = format!(r#"{{"__type":"{code}","message":"hush"}}"#);
            let refusal = deliver(&Aws::answering(400, &answer), &outgoing()).await;
            let refusal = refusal.unwrap_err();
            assert_eq!(
                matches!(refusal, Refusal::Transient { .. }),
                passes,
                "{refusal}"
            );
        }
    }
}
