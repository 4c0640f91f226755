//! Where a service is called.

use aws_sdk_sqs::config::endpoint::{DefaultResolver, Params, ResolveEndpoint as _};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_types::{SdkConfig, service_config::ServiceConfigKey};

use super::known::{About, GovCloud};

/// The URL before the path: <https://docs.aws.amazon.com/general/latest/gr/rande.html>.
pub(super) async fn of(config: &SdkConfig, about: &About) -> Result<String, BoxError> {
    if let Some(endpoint) = named(config, about) {
        return Ok(endpoint);
    }
    let (fips, both) = (is_fips(config), is_dual_stack(config));
    let region = region(config)?;
    let suffix = suffix(config, both && !about.is_dual_stack).await?;
    let fips = if region.starts_with("us-gov-") {
        match about.in_gov_cloud {
            GovCloud::AsElsewhere => fips,
            GovCloud::AllPlain => false,
            GovCloud::PlainButDualStack => fips && both,
            GovCloud::DualStackIsFips => both,
        }
    } else {
        fips
    };
    let fips = if fips { "-fips" } else { "" };
    Ok(format!("https://{}{fips}.{region}.{suffix}", about.name))
}

/// The endpoint that the configuration names for a service, or for all.
pub(crate) fn named(config: &SdkConfig, about: &About) -> Option<String> {
    let for_all = || config.endpoint_url().map(str::to_owned);
    if config.get_origin("endpoint_url").is_client_config() {
        return for_all();
    }
    let key = ServiceConfigKey::builder()
        .service_id(about.id)
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let for_it = config.service_config().and_then(|it| it.load_config(key));
    for_it.or_else(for_all)
}

/// What the names of a region's hosts end with, for both versions of IP or for one. The SDK knows of every partition, and says
/// so of SQS.
pub(crate) async fn suffix(config: &SdkConfig, both: bool) -> Result<String, BoxError> {
    let region = region(config)?;
    let params = Params::builder().region(region).use_dual_stack(both);
    let params = params.build()?;
    let endpoint = DefaultResolver::new().resolve_endpoint(&params).await?;
    let before = format!("https://sqs.{region}.");
    let suffix = endpoint.url().strip_prefix(&before);
    Ok(suffix.ok_or("no host is known for the region")?.to_owned())
}

pub(crate) fn region(config: &SdkConfig) -> Result<&str, BoxError> {
    Ok(config.region().ok_or("no region is named")?.as_ref())
}

/// Whether hosts are wanted that are validated by FIPS 140.
pub(crate) fn is_fips(config: &SdkConfig) -> bool {
    config.use_fips() == Some(true)
}

/// Whether hosts are wanted that are reached by both versions of IP.
pub(crate) fn is_dual_stack(config: &SdkConfig) -> bool {
    config.use_dual_stack() == Some(true)
}
