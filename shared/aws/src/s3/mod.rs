//! Amazon S3, as far as anything here uses it: whole objects are put, read, listed and deleted.

mod answer;
mod place;

use std::collections::BTreeMap;

use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_sigv4::http_request::SignableBody;
use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use aws_types::SdkConfig;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

#[cfg(feature = "operator")]
pub(crate) use self::answer::Page;
#[cfg(feature = "operator")]
use crate::service::encoded;
use crate::service::{self, Asked, Failure, Service, UNRESERVED};

/// What a key may hold as it is, in a path:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
const IN_PATH: &AsciiSet = &UNRESERVED.remove(b'/');

/// SHA-256 of no bytes, which a request without a body is signed with.
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Objects. Cheap to clone.
#[derive(Clone, Debug)]
pub struct S3(Service);

/// An object that is put.
pub(crate) struct Object {
    body: Bytes,
    /// SHA-256 of the body. S3 takes no other body for it: it is what the request is signed with.
    digest: [u8; 32],
    content_type: Option<String>,
    metadata: BTreeMap<String, String>,
}

impl Object {
    /// A body of no declared type.
    pub(crate) fn new(body: Bytes) -> Self {
        let digest = Sha256::digest(&body).into();
        Self::of_digest(body, digest)
    }

    /// The same, of which SHA-256 is known.
    pub(crate) fn of_digest(body: Bytes, digest: [u8; 32]) -> Self {
        Self {
            body,
            digest,
            content_type: None,
            metadata: BTreeMap::new(),
        }
    }

    /// What it says that it is.
    pub(crate) fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// What else is to be known of it. Both are texts that a header can have.
    #[cfg(feature = "destinations")]
    pub(crate) fn metadata(mut self, name: &str, text: String) -> Self {
        self.metadata.insert(name.to_owned(), text);
        self
    }

    fn headers(&self) -> Vec<(String, String)> {
        // S3 keeps it beside the object, and tells it to whoever asks.
        let digest = STANDARD.encode(self.digest);
        let mut headers = vec![("x-amz-checksum-sha256".to_owned(), digest)];
        let content_type = self.content_type.clone();
        headers.extend(content_type.map(|it| ("content-type".to_owned(), it)));
        let named = |(name, text): (&String, &String)| (format!("x-amz-meta-{name}"), text.clone());
        headers.extend(self.metadata.iter().map(named));
        headers
    }
}

impl S3 {
    /// That of this account and region. Nothing is called before an object is asked for.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Service::new(&service::S3, config))
    }

    /// Stores an object, in the place of what was under its key.
    pub(crate) async fn put(&self, bucket: &str, key: &str, object: Object) -> Result<(), Failure> {
        let digest = hex::encode(object.digest);
        let asked = Asked {
            headers: object.headers(),
            body: object.body,
            ..Asked::without_body("PUT", path(key))
        };
        self.call("PutObject", bucket, asked, digest, |_| Ok(()))
            .await
    }

    /// Reads an object. Of one that was stored with its SHA-256, S3 tells that too, and it is held against what came.
    pub(crate) async fn get(&self, bucket: &str, key: &str) -> Result<Bytes, Failure> {
        let checked = ("x-amz-checksum-mode".to_owned(), "ENABLED".to_owned());
        let asked = Asked {
            headers: vec![checked],
            ..Asked::without_body("GET", path(key))
        };
        self.call("GetObject", bucket, asked, OF_NOTHING, answer::object)
            .await
    }

    /// A page of the objects whose keys begin so, in the order of their keys.
    #[cfg(feature = "operator")]
    pub(crate) async fn list(
        &self,
        bucket: &str,
        prefix: &str,
        from: Option<&str>,
    ) -> Result<Page, Failure> {
        let mut path = format!("/?list-type=2&prefix={}", encoded(prefix));
        if let Some(from) = from {
            path = format!("{path}&continuation-token={}", encoded(from));
        }
        let asked = Asked::without_body("GET", path);
        self.call("ListObjectsV2", bucket, asked, OF_NOTHING, answer::page)
            .await
    }

    /// Deletes an object, or finds that there is none.
    #[cfg(feature = "operator")]
    pub(crate) async fn delete(&self, bucket: &str, key: &str) -> Result<(), Failure> {
        let asked = Asked::without_body("DELETE", path(key));
        self.call("DeleteObject", bucket, asked, OF_NOTHING, |_| Ok(()))
            .await
    }

    async fn call<T: Send + Sync + 'static>(
        &self,
        operation: &'static str,
        bucket: &str,
        asked: Asked,
        digest: impl Into<String>,
        read: fn(&HttpResponse) -> Result<T, BoxError>,
    ) -> Result<T, Failure> {
        let place = place::of(self.0.config(), bucket).await;
        let place = place.map_err(Failure::construction_failure)?;
        let asked = Asked {
            signed: signed_with(digest.into()),
            ..asked
        };
        (self.0.call_at(&place, operation, asked, read)).await
    }
}

/// The signature's part that is of one request: its body's digest. S3 takes a path as it stands:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
fn signed_with(digest: String) -> SigV4OperationSigningConfig {
    let mut options = SigningOptions::default();
    options.double_uri_encode = false;
    options.normalize_uri_path = false;
    options.content_sha256_header = true;
    options.payload_override = Some(SignableBody::Precomputed(digest));
    SigV4OperationSigningConfig {
        signing_options: options,
        ..SigV4OperationSigningConfig::default()
    }
}

fn path(key: &str) -> String {
    format!("/{}", utf8_percent_encode(key, IN_PATH))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
