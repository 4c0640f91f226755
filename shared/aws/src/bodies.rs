//! Large bodies on S3.

use bytes::Bytes;
use protocol::{
    fault::{Fault, FaultKind},
    ports,
};

use crate::{
    fault,
    s3::{Object, S3},
};

/// What an object is that nobody reads but Landfall.
pub(crate) const TYPE: &str = "application/octet-stream";

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
    async fn put_body(&self, key: &str, body: Bytes, digest: &str) -> Result<(), Fault> {
        let step = "storing the body";
        let mut of_body = [0; 32];
        hex::decode_to_slice(digest, &mut of_body)
            .map_err(|error| Fault::new(FaultKind::Malformed, step, error.to_string()))?;
        let object = Object::of_digest(body, of_body).content_type(TYPE);
        (self.s3.put(&self.bucket, key, object))
            .await
            .map_err(|error| fault::of(step, &error))
    }
}

impl ports::StoredBodies for Bodies {
    async fn get_body(&self, key: &str) -> Result<Vec<u8>, Fault> {
        let body = self.s3.get(&self.bucket, key).await;
        body.map(Vec::from)
            .map_err(|error| fault::of("reading the body", &error))
    }
}
