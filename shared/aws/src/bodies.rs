//! Large bodies on S3.

use aws_sdk_s3::primitives::{AggregatedBytes, ByteStream};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use protocol::{
    fault::{Fault, FaultKind},
    ports::{self},
};

use crate::{clients::S3, fault};

/// The bucket of large bodies.
#[derive(Clone, Debug)]
pub struct Bodies {
    s3: S3,
    bucket: String,
}

impl Bodies {
    /// The bodies in this bucket.
    #[must_use]
    pub fn new(s3: S3, bucket: impl Into<String>) -> Self {
        Self {
            s3,
            bucket: bucket.into(),
        }
    }
}

impl ports::BodyStore for Bodies {
    async fn put_body(&self, key: &str, body: &[u8], digest: &str) -> Result<(), Fault> {
        let put = self
            .s3
            .client()
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("application/octet-stream")
            .body(ByteStream::from(body.to_vec()))
            // S3 compares it with what arrives. Left to itself the SDK makes another checksum of the body, and one for the
            // request's signature: each is a pass over megabytes, within the time that a delivery has.
            .set_checksum_sha256(hex::decode(digest).ok().map(|hash| STANDARD.encode(hash)))
            .customize()
            .disable_payload_signing()
            .send()
            .await;
        match put {
            Ok(_) => Ok(()),
            Err(error) => Err(fault::of("storing the body", &error)),
        }
    }
}

impl ports::StoredBodies for Bodies {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let object = self
            .s3
            .client()
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .send()
            .await
            .map_err(|error| fault::of("reading the body", &error))?;
        let body = object.body.collect().await;
        body.map(AggregatedBytes::to_vec)
            .map_err(|error| Fault::new(FaultKind::Other, "reading the body", error.to_string()))
    }
}
