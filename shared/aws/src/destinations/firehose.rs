//! Puts events into a stream of Amazon Data Firehose, each as a `CloudEvent` on a line of its own, so that the objects that
//! Firehose makes of them are JSON lines.

use aws_sdk_firehose::{Client, primitives::Blob, types::Record};
use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};

use super::{clients, json, refusal};

/// Of a record in bytes: <https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html>.
const LARGEST: usize = 1_000 * 1_024;

/// A stream.
pub(super) struct Firehose {
    client: Client,
    name: &'static str,
}

impl Firehose {
    pub(super) fn new(config: &SdkConfig, stream: Arn) -> Self {
        let resource = stream.resource();
        Self {
            client: Client::new(&clients::in_region_of(config, stream)),
            name: resource.strip_prefix("deliverystream/").unwrap_or(resource),
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let mut line = json::cloud_event(outgoing)?;
        line.push('\n');
        refusal::too_large("Firehose", line.len(), LARGEST)?;
        let record = Record::builder().data(Blob::new(line)).build();
        let record = record.map_err(|_| refusal::unbuilt("PutRecord"))?;
        let put = self.client.put_record().delivery_stream_name(self.name);
        match put.record(record).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(refusal::of("PutRecord", &error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    use serde_json::json;

    use super::{
        super::testing::{Aws, outgoing},
        *,
    };

    #[tokio::test]
    async fn an_event_is_a_line() {
        let aws = Aws::answering(200, r#"{"RecordId":"1"}"#);
        let arn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/orders";
        let stream = Firehose::new(&aws.config(), Arn::parse(arn).unwrap());
        let body = b"{\n  \"a\": 1\n}\n".to_vec();
        let event = Outgoing { body, ..outgoing() };
        stream.deliver(&event).await.unwrap();
        let line = format!("{}\n", json::cloud_event(&event).unwrap());
        assert_eq!(line.lines().count(), 1);
        let data = STANDARD.encode(line);
        let expected = json!({"DeliveryStreamName": "orders", "Record": {"Data": data}});
        assert_eq!(aws.asked_json(), expected);
    }
}
