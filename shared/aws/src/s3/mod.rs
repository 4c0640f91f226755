//! Amazon S3, as far as anything here uses it: whole objects are put, read, listed and deleted.
//!
//! The SDK's runtime signs, makes calls again and gives up, as for all its clients; what stands here is four requests and what
//! is read of their answers. The SDK's own client of S3 takes a body apart into chunks for checksums that it makes beside ours,
//! keeps a copy of it, and is a tenth of what a function is built of (docs/evidence/build.md).

mod answer;
mod place;

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use aws_runtime::{
    auth::{
        SigV4OperationSigningConfig, SigningOptions,
        sigv4::{SCHEME_ID, SigV4AuthScheme},
    },
    retries::classifiers::{AwsErrorCodeClassifier, TRANSIENT_ERRORS},
    service_clock_skew::ServiceClockSkewInterceptor,
};
use aws_sigv4::http_request::SignableBody;
use aws_smithy_runtime::client::{
    orchestrator::operation::Operation,
    retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        auth::{AuthSchemeOptionResolverParams, static_resolver::StaticAuthSchemeOptionResolver},
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError},
        result::SdkError,
        runtime_components::RuntimeComponentsBuilder,
        runtime_plugin::{SharedRuntimePlugin, StaticRuntimePlugin},
        stalled_stream_protection::StalledStreamProtectionConfig,
    },
};
use aws_smithy_types::{
    body::SdkBody, config_bag::Layer, error::ErrorMetadata, retry::RetryConfig,
    timeout::TimeoutConfig,
};
use aws_types::{SdkConfig, SigningName, region::SigningRegion};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

#[cfg(feature = "operator")]
pub(crate) use self::answer::Page;
use crate::caller::Named;

/// What came of a call that failed.
pub(crate) type Failure = SdkError<ErrorMetadata, HttpResponse>;

/// What a key may hold as it is, in a path:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
const IN_PATH: &AsciiSet = &IN_QUERY.remove(b'/');
const IN_QUERY: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// SHA-256 of no bytes, which a request without a body is signed with.
const OF_NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Objects. Cheap to clone; what calls have in common is made when the first is: a process may never see a large body.
#[derive(Clone, Debug)]
pub struct S3(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    config: SdkConfig,
    in_common: OnceLock<SharedRuntimePlugin>,
}

/// An object that is put.
pub(crate) struct Object {
    body: Bytes,
    /// SHA-256 of the body. S3 takes no other body for it: it is what the request is signed with.
    digest: [u8; 32],
    content_type: Option<String>,
    metadata: BTreeMap<String, String>,
}

/// A request, as far as it isn't the same for all.
struct Asked {
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Bytes,
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
        let mut headers = vec![
            ("content-length".to_owned(), self.body.len().to_string()),
            // S3 keeps it beside the object, and tells it to whoever asks.
            (
                "x-amz-checksum-sha256".to_owned(),
                STANDARD.encode(self.digest),
            ),
        ];
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
        Self(Arc::new(Parts {
            config: config.clone(),
            in_common: OnceLock::new(),
        }))
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
        let mut path = format!("/?list-type=2&prefix={}", in_query(prefix));
        if let Some(from) = from {
            path = format!("{path}&continuation-token={}", in_query(from));
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

    async fn call<T: std::fmt::Debug + Send + Sync + 'static>(
        &self,
        name: &'static str,
        bucket: &str,
        asked: Asked,
        digest: impl Into<String>,
        read: fn(&HttpResponse) -> Result<T, BoxError>,
    ) -> Result<T, Failure> {
        let config = &self.0.config;
        let place = place::of(config, bucket)
            .await
            .map_err(SdkError::construction_failure)?;
        let timeouts = config.timeout_config().cloned();
        let retries = config.retry_config().cloned();
        let operation = Operation::builder()
            .service_name("S3")
            .operation_name(name)
            .endpoint_url(&place)
            .standard_retry(&retries.unwrap_or_else(RetryConfig::standard))
            .timeout_config(timeouts.unwrap_or_else(TimeoutConfig::disabled))
            .runtime_plugin(self.0.in_common())
            .runtime_plugin(signed_with(digest.into()))
            .serializer(Asked::request)
            .deserializer(move |response: &HttpResponse| {
                if response.status().is_success() {
                    read(response).map_err(OrchestratorError::other)
                } else {
                    Err(OrchestratorError::operation(answer::error(response)))
                }
            });
        Box::pin(operation.build().invoke(asked)).await
    }
}

impl Parts {
    fn in_common(&self) -> SharedRuntimePlugin {
        let made = self.in_common.get_or_init(|| {
            let plugin = in_common(&self.config);
            SharedRuntimePlugin::new(plugin)
        });
        made.clone()
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} bytes", self.method, self.body.len())
    }
}

impl Asked {
    fn without_body(method: &'static str, path: String) -> Self {
        Self {
            method,
            path,
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    fn request(self) -> Result<HttpRequest, BoxError> {
        let mut request = HttpRequest::new(SdkBody::from(self.body));
        request.set_method(self.method)?;
        request.set_uri(self.path)?;
        for (name, text) in self.headers {
            request.headers_mut().try_insert(name, text)?;
        }
        Ok(request)
    }
}

/// Who calls, by which way, how it is signed, and which answers are asked for again.
fn in_common(config: &SdkConfig) -> StaticRuntimePlugin {
    let mut layer = Layer::new("S3");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigningName::from_static("s3"));
    if let Some(region) = config.region() {
        layer.store_put(SigningRegion::from(region.clone()));
    }
    // A body is whole before it is sent, and read before the attempt's time is over.
    layer.store_put(StalledStreamProtectionConfig::disabled());

    // Beyond what all services say: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.
    let passing = [TRANSIENT_ERRORS, &["InternalError"]].concat();
    let by_code = AwsErrorCodeClassifier::<ErrorMetadata>::builder().transient_errors(passing);
    let mut components = RuntimeComponentsBuilder::new("S3")
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
            SCHEME_ID,
        ])))
        .with_http_client(config.http_client())
        .with_time_source(config.time_source())
        .with_sleep_impl(config.sleep_impl())
        .with_retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
        .with_retry_classifier(by_code.build())
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_interceptor(ServiceClockSkewInterceptor::new())
        .with_interceptor(Named);
    if let Some(cache) = config.identity_cache() {
        components = components.with_identity_cache(Some(cache));
    }
    if let Some(credentials) = config.credentials_provider() {
        components = components.with_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new()
        .with_config(layer.freeze())
        .with_runtime_components(components)
}

/// The signature's part that is of one request: its body's digest. S3 takes a path as it stands:
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>.
fn signed_with(digest: String) -> StaticRuntimePlugin {
    let mut options = SigningOptions::default();
    options.double_uri_encode = false;
    options.normalize_uri_path = false;
    options.content_sha256_header = true;
    options.payload_override = Some(SignableBody::Precomputed(digest));
    let mut layer = Layer::new("body");
    layer.store_put(SigV4OperationSigningConfig {
        signing_options: options,
        ..SigV4OperationSigningConfig::default()
    });
    StaticRuntimePlugin::new().with_config(layer.freeze())
}

fn path(key: &str) -> String {
    format!("/{}", utf8_percent_encode(key, IN_PATH))
}

#[cfg(feature = "operator")]
fn in_query(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, IN_QUERY)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
