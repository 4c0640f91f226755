//! Where a bucket is called.

use aws_smithy_runtime_api::box_error::BoxError;
use aws_types::SdkConfig;

use crate::service::{self, place};

/// The URL before the key: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>, and for FIPS and both
/// versions of IP <https://docs.aws.amazon.com/general/latest/gr/s3.html>.
pub(super) async fn of(config: &SdkConfig, bucket: &str) -> Result<String, BoxError> {
    if let Some(endpoint) = place::named(config, &service::S3) {
        // Elsewhere than at AWS no host is named after a bucket.
        return Ok(format!("{}/{bucket}", endpoint.trim_end_matches('/')));
    }
    let region = place::region(config)?;
    let suffix = place::suffix(config, false).await?;
    let fips = if place::is_fips(config) { "-fips" } else { "" };
    let both = if place::is_dual_stack(config) {
        ".dualstack"
    } else {
        ""
    };
    let host = format!("s3{fips}{both}.{region}.{suffix}");
    // A certificate vouches for one name before the host's.
    Ok(if bucket.contains('.') {
        format!("https://{host}/{bucket}")
    } else {
        format!("https://{bucket}.{host}")
    })
}
