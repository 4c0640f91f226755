//! Services of AWS that are called by requests of our own: all but DynamoDB and SQS, and STS, which `aws-config` has a client of.
//!
//! The SDK's runtime signs, makes calls again and gives up, as for its own clients; what stands here is what a request says and
//! what is read of its answer. Of the SDK's eleven clients for these services two dozen operations would be called, of hundreds
//! that are compiled (docs/evidence/build.md).

// Each program calls some of them.
#![cfg_attr(
    not(all(feature = "destinations", feature = "operator")),
    allow(dead_code)
)]

pub(crate) mod json;
mod known;
pub(crate) mod place;
pub(crate) mod query;

use std::sync::{Arc, OnceLock};

use aws_runtime::{
    auth::{
        SigV4OperationSigningConfig,
        sigv4::{SCHEME_ID, SigV4AuthScheme},
    },
    retries::classifiers::AwsErrorCodeClassifier,
    service_clock_skew::ServiceClockSkewInterceptor,
};
use aws_smithy_runtime::client::{
    orchestrator::operation::Operation,
    retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        auth::{AuthSchemeOptionResolverParams, static_resolver::StaticAuthSchemeOptionResolver},
        orchestrator::{HttpRequest, HttpResponse, OrchestratorError, SensitiveOutput},
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
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use self::known::Protocol;
pub(crate) use self::known::*;
use crate::caller::Named;

/// What came of a call that failed.
pub(crate) type Failure = SdkError<ErrorMetadata, HttpResponse>;

/// What a part of a URL may hold as it is: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.
pub(crate) const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A service, in an account and a region. Cheap to clone; what calls have in common is made when the first is: a process may
/// never call it.
#[derive(Clone, Debug)]
pub(crate) struct Service(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    about: &'static About,
    config: SdkConfig,
    in_common: OnceLock<SharedRuntimePlugin>,
}

/// A request, as far as it isn't the same for all.
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    /// Percent-encoded, with the query.
    pub(crate) path: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
    /// How it is signed.
    pub(crate) signed: SigV4OperationSigningConfig,
}

/// What was read, on its way through a runtime that could print it: it may be a secret.
struct Unshown<T>(T);

impl Service {
    /// That of this account and region. Nothing is called before something is asked.
    pub(crate) fn new(about: &'static About, config: &SdkConfig) -> Self {
        Self(Arc::new(Parts {
            about,
            config: config.clone(),
            in_common: OnceLock::new(),
        }))
    }

    pub(crate) fn config(&self) -> &SdkConfig {
        &self.0.config
    }

    /// Makes a call of this name where the service is.
    pub(crate) async fn call<T: Send + Sync + 'static>(
        &self,
        operation: &'static str,
        asked: Asked,
        read: impl Fn(&HttpResponse) -> Result<T, BoxError> + Send + Sync + 'static,
    ) -> Result<T, Failure> {
        let place = place::of(&self.0.config, self.0.about).await;
        let place = place.map_err(SdkError::construction_failure)?;
        self.call_at(&place, operation, asked, read).await
    }

    /// The same elsewhere.
    pub(crate) async fn call_at<T: Send + Sync + 'static>(
        &self,
        place: &str,
        operation: &'static str,
        asked: Asked,
        read: impl Fn(&HttpResponse) -> Result<T, BoxError> + Send + Sync + 'static,
    ) -> Result<T, Failure> {
        let config = &self.0.config;
        let error = match self.0.about.protocol {
            Protocol::Json(..) | Protocol::RestJson => json::error,
            Protocol::Query(_) | Protocol::RestXml => query::error,
        };
        let timeouts = config.timeout_config().cloned();
        let retries = config.retry_config().cloned();
        let mut signing = Layer::new("signing");
        signing.store_put(asked.signed.clone());
        let operation = Operation::builder()
            .service_name(self.0.about.id)
            .operation_name(operation)
            .endpoint_url(place)
            .standard_retry(&retries.unwrap_or_else(RetryConfig::standard))
            .timeout_config(timeouts.unwrap_or_else(TimeoutConfig::disabled))
            .runtime_plugin(self.0.in_common())
            .runtime_plugin(StaticRuntimePlugin::new().with_config(signing.freeze()))
            .serializer(Asked::request)
            .deserializer(move |response: &HttpResponse| {
                if response.status().is_success() {
                    (read(response).map(Unshown)).map_err(OrchestratorError::other)
                } else {
                    Err(OrchestratorError::operation(error(response)))
                }
            });
        let answered = Box::pin(operation.build().invoke(asked)).await;
        answered.map(|Unshown(answer)| answer)
    }
}

impl Parts {
    fn in_common(&self) -> SharedRuntimePlugin {
        let made = self.in_common.get_or_init(|| {
            let plugin = in_common(self.about, &self.config);
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

impl<T> std::fmt::Debug for Unshown<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an answer")
    }
}

impl Asked {
    pub(crate) fn without_body(method: &'static str, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Bytes::new(),
            signed: SigV4OperationSigningConfig::default(),
        }
    }

    /// One whose body says all.
    fn posted(content_type: &str, body: impl Into<Bytes>) -> Self {
        Self {
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
            ..Self::without_body("POST", "/")
        }
    }

    fn request(self) -> Result<HttpRequest, BoxError> {
        let length = self.body.len();
        let mut request = HttpRequest::new(SdkBody::from(self.body));
        request.set_method(self.method)?;
        request.set_uri(self.path)?;
        for (name, text) in self.headers {
            request.headers_mut().try_insert(name, text)?;
        }
        if length > 0 || self.method != "GET" {
            let length = length.to_string();
            request.headers_mut().try_insert("content-length", length)?;
        }
        Ok(request)
    }
}

/// Who calls, by which way, for which service it is signed, and which answers are asked for again.
fn in_common(about: &'static About, config: &SdkConfig) -> StaticRuntimePlugin {
    let mut layer = Layer::new(about.id);
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigningName::from_static(about.name));
    if let Some(region) = config.region() {
        layer.store_put(SigningRegion::from(region.clone()));
    }
    // A body is whole before it is sent, and read before the attempt's time is over.
    layer.store_put(StalledStreamProtectionConfig::disabled());
    // No log is told of it.
    layer.store_put(SensitiveOutput);

    let mut components = RuntimeComponentsBuilder::new(about.id)
        .with_auth_scheme(SigV4AuthScheme::new())
        .with_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
            SCHEME_ID,
        ])))
        .with_http_client(config.http_client())
        .with_time_source(config.time_source())
        .with_sleep_impl(config.sleep_impl())
        .with_retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
        .with_retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
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

/// A text as a part of a path or a query.
pub(crate) fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, UNRESERVED)
}

/// The body, which the runtime has read before it hands an answer over.
pub(crate) fn body(response: &HttpResponse) -> &[u8] {
    response.body().bytes().unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub(crate) mod testing;
#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
