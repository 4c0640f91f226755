//! Puts events into a stream of Amazon Data Firehose, each as a `CloudEvent` on a line of its own, so that the objects that
//! Firehose makes of them are JSON lines.

use aws_types::SdkConfig;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{clients, json, refusal};
use crate::service::{FIREHOSE, Service};

/// Of a record in bytes: <https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html>.
const LARGEST: usize = 1_000 * 1_024;

/// A stream.
pub(super) struct Firehose {
    service: Service,
    name: &'static str,
}

impl Firehose {
    pub(super) fn new(config: &SdkConfig, stream: Arn) -> Self {
        let resource = stream.resource();
        Self {
            service: Service::new(&FIREHOSE, &clients::in_region_of(config, stream)),
            name: resource.strip_prefix("deliverystream/").unwrap_or(resource),
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let mut line = json::cloud_event(outgoing)?;
        line.push('\n');
        refusal::too_large("Firehose", line.len(), LARGEST)?;
        let record = json!({
            "DeliveryStreamName": self.name,
            "Record": {"Data": STANDARD.encode(line)},
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
