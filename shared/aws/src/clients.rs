//! The SDK's clients, built once per process.

use std::time::Duration;

pub use aws_config::SdkConfig;
use aws_config::{
    BehaviorVersion, Region,
    environment::{EnvironmentVariableCredentialsProvider, EnvironmentVariableRegionProvider},
    retry::RetryConfig,
    stalled_stream_protection::StalledStreamProtectionConfig,
    timeout::TimeoutConfig,
};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::HttpConnectorSettings;
#[cfg(test)]
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector, http_client_fn};

use crate::{caller::Named, config::environment, s3::S3, way};

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
    pub secrets: aws_sdk_secretsmanager::Client,
}

/// The region, the credentials and the endpoint that the environment names. Lambda always names the first two, so that a
/// function looks for them nowhere else: what would look costs more of a cold start than all that they are for.
pub async fn load_config(profile: Profile) -> SdkConfig {
    // Pinned: a newer SDK must not change retries and timeouts behind the numbers below.
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .region(EnvironmentVariableRegionProvider::new())
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        .http_client(way::to_aws(profile.connecting(), environment))
        .retry_config(profile.retries())
        .timeout_config(profile.timeouts())
        .load()
        .await
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
    pub async fn load(profile: Profile) -> Self {
        Self::new(&load_config(profile).await)
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
            secrets: aws_sdk_secretsmanager::Client::from_conf(
                aws_sdk_secretsmanager::config::Builder::from(&whole)
                    .interceptor(Named)
                    .build(),
            ),
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
