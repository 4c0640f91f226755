//! Where a bucket is called.

use aws_sdk_sqs::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_types::{SdkConfig, service_config::ServiceConfigKey};

/// The URL before the key: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>, and for FIPS and both
/// versions of IP <https://docs.aws.amazon.com/general/latest/gr/s3.html>.
pub(super) async fn of(config: &SdkConfig, bucket: &str) -> Result<String, BoxError> {
    if let Some(endpoint) = named(config) {
        // Elsewhere than at AWS no host is named after a bucket.
        return Ok(format!("{}/{bucket}", endpoint.trim_end_matches('/')));
    }
    let region = config.region().ok_or("no region is named")?.as_ref();
    let suffix = suffix(region).await?;
    let fips = if config.use_fips() == Some(true) {
        "-fips"
    } else {
        ""
    };
    let both = if config.use_dual_stack() == Some(true) {
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

/// The endpoint that the configuration names for S3, or for all services.
fn named(config: &SdkConfig) -> Option<String> {
    let for_all = || config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return for_all();
    }
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let for_s3 = config.service_config().and_then(|it| it.load_config(key));
    for_s3.or_else(for_all)
}

/// What the names of a region's hosts end with. The SDK knows of every partition, and says so of SQS.
async fn suffix(region: &str) -> Result<String, BoxError> {
    let params = Params::builder().region(region).build()?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await?;
    let before = format!("https://sqs.{region}.");
    let suffix = endpoint.url().strip_prefix(&before);
    Ok(suffix.ok_or("no host is known for the region")?.to_owned())
}
