//! The clients of AWS, built once per process.

use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedCredentialsProvider};
#[cfg(test)]
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::{
    http::HttpConnectorSettings, stalled_stream_protection::StalledStreamProtectionConfig,
};
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
pub use aws_types::SdkConfig;
use aws_types::{
    sdk_config,
    service_config::{LoadServiceConfig, ServiceConfigKey},
};

use crate::{caller::Named, config::environment, s3::S3, secrets::SecretsManager, way};

/// How patient the clients are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For ingest, which answers within 2.5 s: the provider's own retry is better than ours.
    Answering,
    /// For consumer and sweeper, whose work may take its time.
    Working,
}

/// The clients. Each is cheap to clone. Those of one configuration share their connections.
#[derive(Clone, Debug)]
pub struct Clients {
    /// The ledger, the projection, and the table in which secrets wait.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Queue and dead-letter queue.
    pub sqs: aws_sdk_sqs::Client,
    /// Large bodies.
    pub s3: S3,
    /// The sources' secrets.
    pub secrets: SecretsManager,
}

/// What the environment names: region, credentials and endpoints. Lambda always names the first two, so that a function looks
/// for them nowhere else: what would look costs more of a cold start than all that they are for.
#[must_use]
pub fn of_environment(profile: Profile) -> SdkConfig {
    named_by(environment)
        .http_client(way::to_aws(profile.connecting(), environment))
        .retry_config(profile.retries())
        .timeout_config(profile.timeouts())
        .build()
}

/// The variables have these names and meanings for every SDK: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>.
fn named_by(environment: fn(&str) -> Option<String>) -> sdk_config::Builder {
    let is_true = |name| environment(name).map(|text| text.eq_ignore_ascii_case("true"));
    let region = environment("AWS_REGION").or_else(|| environment("AWS_DEFAULT_REGION"));
    let key = environment("AWS_ACCESS_KEY_ID").zip(environment("AWS_SECRET_ACCESS_KEY"));
    let credentials = key.map(|(id, secret)| {
        let token = environment("AWS_SESSION_TOKEN");
        SharedCredentialsProvider::new(Credentials::new(id, secret, token, None, "environment"))
    });
    let mut config = SdkConfig::builder()
        // Pinned: a newer SDK must not change retries and timeouts behind the numbers below.
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(region.map(Region::new))
        .service_config(Endpoints(environment));
    config
        .set_credentials_provider(credentials)
        .set_endpoint_url(environment("AWS_ENDPOINT_URL"))
        .set_use_fips(is_true("AWS_USE_FIPS_ENDPOINT"))
        .set_use_dual_stack(is_true("AWS_USE_DUALSTACK_ENDPOINT"));
    config
}

/// The endpoints of single services, as `AWS_ENDPOINT_URL_SQS` names one:
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>.
#[derive(Debug)]
struct Endpoints(fn(&str) -> Option<String>);

impl LoadServiceConfig for Endpoints {
    fn load_config(&self, key: ServiceConfigKey<'_>) -> Option<String> {
        let service = key.service_id().to_uppercase().replace([' ', '-'], "_");
        (self.0)(&format!("{}_{service}", key.env()))
    }
}

/// For an AWS that a test stands in for, at this address: nobody's credentials, and each call is made once.
#[must_use]
pub fn stand_in(url: &str) -> SdkConfig {
    (of_nobody().into_builder())
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
        .build()
}

/// The same, where calls go to this connector and nowhere else.
#[cfg(test)]
pub(crate) fn answered_by(connector: impl HttpConnector + Clone + 'static) -> SdkConfig {
    let http = http_client_fn(move |_, _| SharedHttpConnector::new(connector.clone()));
    of_nobody().into_builder().http_client(http).build()
}

fn of_nobody() -> SdkConfig {
    let nobody = Credentials::new("nobody", "nobody", None, None, "stand-in");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(nobody))
        .build()
}

impl Clients {
    /// Clients for what the environment names.
    #[must_use]
    pub fn load(profile: Profile) -> Self {
        Self::new(&of_environment(profile))
    }

    /// Clients with this configuration.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        // A body of these is no stream: it is whole before it is sent, and read before the attempt's time is over.
        let whole = (config.clone().into_builder())
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
            .build();
        Self {
            dynamodb: aws_sdk_dynamodb::Client::from_conf(
                aws_sdk_dynamodb::config::Builder::from(&whole)
                    .interceptor(Named)
                    .build(),
            ),
            sqs: aws_sdk_sqs::Client::from_conf(
                aws_sdk_sqs::config::Builder::from(&whole)
                    .interceptor(Named)
                    .build(),
            ),
            s3: S3::new(config),
            secrets: SecretsManager::new(config),
        }
    }
}

impl Profile {
    fn connecting(self) -> HttpConnectorSettings {
        let mut settings = HttpConnectorSettings::builder();
        settings.set_connect_timeout(self.timeouts().connect_timeout());
        settings.build()
    }

    fn timeouts(self) -> TimeoutConfig {
        let (connect, attempt, operation) = match self {
            // How long all attempts may take says the delivery's own budget.
            Self::Answering => (500, 1_000, None),
            Self::Working => (2_000, 5_000, Some(Duration::from_secs(15))),
        };
        let mut timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_millis(connect))
            .operation_attempt_timeout(Duration::from_millis(attempt));
        timeouts.set_operation_timeout(operation);
        timeouts.build()
    }

    fn retries(self) -> RetryConfig {
        let (attempts, first, longest) = match self {
            Self::Answering => (3, 50, 200),
            Self::Working => (4, 100, 2_000),
        };
        RetryConfig::standard()
            .with_max_attempts(attempts)
            .with_initial_backoff(Duration::from_millis(first))
            .with_max_backoff(Duration::from_millis(longest))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use aws_sdk_dynamodb::config::ProvideCredentials as _;

    use super::*;

    /// The examples of <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>, and a Lambda's own variables.
    fn named(name: &str) -> Option<String> {
        let text = match name {
            "AWS_REGION" => "eu-central-1",
            "AWS_DEFAULT_REGION" => "us-east-1",
            "AWS_ACCESS_KEY_ID" => "ASIAEXAMPLE",
            "AWS_SECRET_ACCESS_KEY" => "hush",
            "AWS_SESSION_TOKEN" => "hush-too",
            "AWS_ENDPOINT_URL" => "https://all.example",
            "AWS_ENDPOINT_URL_DYNAMODB" => "https://dynamodb.example",
            "AWS_ENDPOINT_URL_SECRETS_MANAGER" => "https://secrets.example",
            "AWS_USE_FIPS_ENDPOINT" => "True",
            "AWS_USE_DUALSTACK_ENDPOINT" => "false",
            _ => return None,
        };
        Some(text.to_owned())
    }

    #[tokio::test]
    async fn a_function_goes_by_its_environment() {
        let config = named_by(named).build();
        assert_eq!(config.region().unwrap().as_ref(), "eu-central-1");
        assert_eq!(config.endpoint_url(), Some("https://all.example"));
        let of = |service| {
            let key = ServiceConfigKey::builder().service_id(service);
            let key = key.env("AWS_ENDPOINT_URL").profile("endpoint_url");
            let endpoints = config.service_config().unwrap();
            endpoints.load_config(key.build().unwrap())
        };
        assert_eq!(of("DynamoDB").as_deref(), Some("https://dynamodb.example"));
        let secrets = of("Secrets Manager");
        assert_eq!(secrets.as_deref(), Some("https://secrets.example"));
        assert_eq!(of("SQS"), None);
        assert_eq!(config.use_fips(), Some(true));
        assert_eq!(config.use_dual_stack(), Some(false));
        let credentials = config.credentials_provider().unwrap();
        let credentials = credentials.provide_credentials().await.unwrap();
        assert_eq!(credentials.access_key_id(), "ASIAEXAMPLE");
        assert_eq!(credentials.secret_access_key(), "hush");
        assert_eq!(credentials.session_token(), Some("hush-too"));
        assert!(!format!("{config:?}").contains("hush"));
    }

    #[test]
    fn where_the_environment_names_nothing_nothing_is_named() {
        let config = named_by(|_| None).build();
        assert!(config.region().is_none() && config.endpoint_url().is_none());
        assert!(config.credentials_provider().is_none());
        assert_eq!((config.use_fips(), config.use_dual_stack()), (None, None));
    }
}
