//! How clients of destinations are built.

use std::time::Duration;

use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::{retry::RetryConfig, timeout::TimeoutConfig};
use aws_types::{SdkConfig, region::Region};
use catalogue::arn::Arn;

const TO_CONNECT: Duration = Duration::from_secs(2);

/// The same account and credentials. A call is made once, for a try is the consumer's to count, and ends when its leg's time
/// is over, which the caller sees to.
pub(super) fn without_retries(config: &SdkConfig) -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(TO_CONNECT);
    config
        .to_builder()
        .retry_config(RetryConfig::disabled())
        .timeout_config(timeouts.build())
        // A function may take minutes to answer.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .build()
}

/// The same, in the region of what is called.
pub(super) fn in_region_of(config: &SdkConfig, arn: Arn) -> SdkConfig {
    let region = Region::new(arn.region());
    config.to_builder().region(region).build()
}
