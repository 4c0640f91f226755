//! The SDK's clients, built once per process.

use std::time::Duration;

pub use aws_config::SdkConfig;
use aws_config::{BehaviorVersion, Region, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_dynamodb::config::{Credentials, SharedCredentialsProvider};

/// How patient the clients are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// For ingest, which answers within 2.5 s: the provider's own retry is better than ours.
    Answering,
    /// For consumer and sweeper, whose work may take its time.
    Working,
}

/// The clients. Each is cheap to clone, and its clones share its connections; it shares none with the others.
#[derive(Clone, Debug)]
pub struct Clients {
    /// The ledger, and the example handlers' table.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Queue and dead-letter queue.
    pub sqs: aws_sdk_sqs::Client,
    /// Large bodies.
    pub s3: aws_sdk_s3::Client,
    /// The sources' secrets.
    pub secrets: aws_sdk_secretsmanager::Client,
}

/// The region, the credentials and the endpoint that the environment names, as every AWS tool reads them.
pub async fn load_config(profile: Profile) -> SdkConfig {
    // Pinned: a newer SDK must not change retries and timeouts behind the numbers below.
    aws_config::defaults(BehaviorVersion::v2026_01_12())
        .retry_config(profile.retries())
        .timeout_config(profile.timeouts())
        .load()
        .await
}

/// For an AWS that a test stands in for, at this address: nobody's credentials, and each call is made once.
#[must_use]
pub fn stand_in(url: &str) -> SdkConfig {
    let nobody = Credentials::new("nobody", "nobody", None, None, "stand-in");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::from_static("us-east-1"))
        .credentials_provider(SharedCredentialsProvider::new(nobody))
        .endpoint_url(url)
        .retry_config(RetryConfig::disabled())
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
        let s3 = aws_sdk_s3::config::Builder::from(config)
            // Elsewhere than at AWS no host is named after a bucket.
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Self {
            dynamodb: aws_sdk_dynamodb::Client::new(config),
            sqs: aws_sdk_sqs::Client::new(config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }
}

impl Profile {
    fn timeouts(self) -> TimeoutConfig {
        let (connect, attempt, operation) = match self {
            Self::Answering => (500, 1_000, 2_000),
            Self::Working => (2_000, 5_000, 15_000),
        };
        TimeoutConfig::builder()
            .connect_timeout(Duration::from_millis(connect))
            .operation_attempt_timeout(Duration::from_millis(attempt))
            .operation_timeout(Duration::from_millis(operation))
            .build()
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
