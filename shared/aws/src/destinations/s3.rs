//! Puts each event into a bucket of Amazon S3 as an object of its own: the body as it is, and what else is to be known as its
//! metadata. A retry writes the same object once more.

use aws_types::SdkConfig;
use protocol::outgoing::{Outgoing, Refusal};

use super::refusal;
use crate::{
    attributes,
    s3::{Object, S3},
};

/// The longest key in bytes: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>.
const LONGEST_KEY: usize = 1_024;

/// Of all metadata, names and texts: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html>.
const METADATA: usize = 2_048;

/// A bucket.
pub(super) struct Bucket {
    s3: S3,
    bucket: &'static str,
}

impl Bucket {
    pub(super) fn new(config: &SdkConfig, bucket: &'static str) -> Self {
        Self {
            s3: S3::new(config),
            bucket,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let key = outgoing.key.as_deref().unwrap_or_default();
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(Refusal::permanent(format!(
                "its object's key has {} bytes, and S3 takes 1 to {LONGEST_KEY}",
                key.len()
            )));
        }
        let mut object = Object::new(outgoing.body.clone().into());
        if !outgoing.content_type.is_empty() {
            object = object.content_type(attributes::printable(&outgoing.content_type));
        }
        let mut room = METADATA;
        for (name, text) in attributes::attributes(outgoing) {
            // An id may be longer than all that there is room for: the others are told then.
            if let Some(left) = room.checked_sub(name.len() + text.len()) {
                room = left;
                object = object.metadata(name, text);
            }
        }
        (self.s3.put(self.bucket, key, object))
            .await
            .map_err(|error| refusal::of("PutObject", &error))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{
        super::testing::{Aws, BODY, outgoing},
        *,
    };

    async fn deliver(aws: &Aws, outgoing: &Outgoing) -> Result<(), Refusal> {
        Bucket::new(&aws.config(), "events").deliver(outgoing).await
    }

    fn named(key: &str) -> Outgoing {
        Outgoing {
            key: Some(key.to_owned()),
            ..outgoing()
        }
    }

    #[tokio::test]
    async fn an_object_is_the_body_under_its_key_with_its_attributes_beside_it() {
        let aws = Aws::answering(200, "");
        deliver(&aws, &named("stripe/2027-01-15/é 1.json"))
            .await
            .unwrap();
        let asked = aws.asked().remove(0);
        let uri = "https://events.s3.us-east-1.amazonaws.com/stripe/2027-01-15/%C3%A9%201.json";
        assert!(asked.uri.starts_with(uri), "{}", asked.uri);
        assert_eq!(asked.body, BODY);
        assert_eq!(asked.headers["content-type"], "application/json");
        assert_eq!(asked.headers["x-amz-meta-landfall-event-id"], "evt_1");
        let key = &asked.headers["x-amz-meta-landfall-idempotency-key"];
        assert_eq!(*key, outgoing().idempotency_key);
    }

    #[tokio::test]
    async fn an_id_that_is_too_long_for_metadata_is_left_out() {
        let aws = Aws::answering(200, "");
        let event = Outgoing {
            event_id: "é".repeat(400),
            ..named("a")
        };
        deliver(&aws, &event).await.unwrap();
        let headers = aws.asked().remove(0).headers;
        assert!(!headers.contains_key("x-amz-meta-landfall-event-id"));
        assert_eq!(headers["x-amz-meta-landfall-route"], "paid-invoices");
    }

    #[tokio::test]
    async fn a_key_that_s3_does_not_take_is_refused_before_a_call() {
        let aws = Aws::default();
        for key in ["", &"é".repeat(513)] {
            let refusal = deliver(&aws, &named(key)).await;
            assert!(
                matches!(refusal, Err(Refusal::Permanent { .. })),
                "{refusal:?}"
            );
        }
        assert!(aws.asked().is_empty());
    }

    #[tokio::test]
    async fn a_bucket_that_is_not_there_is_permanent() {
        let gone = "<Error><Code>NoSuchBucket</Code><Message>hush</Message></Error>";
        let refusal = deliver(&Aws::answering(404, gone), &named("a")).await;
        let words = "PutObject answered 404 NoSuchBucket";
        assert_eq!(refusal, Err(Refusal::permanent(words)));
    }
}
