//! Where an operator's calls go, and with whose credentials.

use std::collections::BTreeMap;

use aws_config::{
    BehaviorVersion, Region, SdkConfig, default_provider, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig,
};
use aws_sdk_dynamodb::{config::Credentials, error::ProvideErrorMetadata as _};
use protocol::fault::Fault;
use serde::Deserialize;

use super::Stack;
use crate::{
    fault,
    service::{CLOUD_FORMATION, Failure, Service, query::Element},
};

/// An account and a region of AWS, and credentials for it.
#[derive(Clone, Debug)]
pub struct Account {
    pub(super) config: SdkConfig,
}

/// What stands in for AWS on this machine. It can't be printed.
#[derive(Deserialize)]
pub struct StandIn {
    region: String,
    endpoint: String,
    access_key_id: String,
    secret_access_key: String,
}

impl Account {
    /// The account of a profile, and this region, as every AWS tool finds what isn't named here. A profile that is named
    /// counts more than credentials in the environment, as it does for the AWS CLI. Nothing where no region is named
    /// anywhere.
    pub async fn find(profile: Option<&str>, region: Option<&str>) -> Option<Self> {
        let mut loader = aws_config::defaults(BehaviorVersion::latest());
        let mut region = region.map(|region| Region::new(region.to_owned()));
        if let Some(profile) = profile {
            if region.is_none() {
                let named = default_provider::region::Builder::default().profile_name(profile);
                region = named.build().region().await;
            }
            // A role that the profile assumes is asked for in this region.
            let credentials = ProfileFileCredentialsProvider::builder()
                .configure(&ProviderConfig::default().with_region(region.clone()))
                .profile_name(profile);
            loader = loader
                .profile_name(profile)
                .credentials_provider(credentials.build());
        }
        if let Some(region) = region {
            loader = loader.region(region);
        }
        let config = loader.load().await;
        config.region()?;
        Some(Self { config })
    }

    /// The region that is asked.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.config.region().map(Region::as_ref)
    }

    /// What stands in for AWS on this machine.
    pub async fn on_this_machine(at: StandIn) -> Self {
        let credentials = Credentials::new(
            at.access_key_id,
            at.secret_access_key,
            None,
            None,
            "stand-in",
        );
        let config = aws_config::defaults(BehaviorVersion::latest())
            .region(Region::new(at.region))
            .endpoint_url(at.endpoint)
            .credentials_provider(credentials)
            .load()
            .await;
        Self { config }
    }

    /// The stack of this name, as `CloudFormation` describes it.
    pub async fn stack(&self, name: &str) -> Result<Option<Stack>, Fault> {
        let cloud_formation = Service::new(&CLOUD_FORMATION, &self.config);
        let form = [("StackName", name)];
        let described = match cloud_formation.query("DescribeStacks", &form).await {
            Ok(described) => described,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(fault::of("describing the stack", &error)),
        };
        let Some(stack) = described.entries("Stacks").first() else {
            return Ok(None);
        };
        let outputs = pairs(stack.entries("Outputs"), "OutputKey", "OutputValue");
        let parameters = pairs(
            stack.entries("Parameters"),
            "ParameterKey",
            "ParameterValue",
        );
        Ok(Some(
            Stack::new(name, self, outputs).with_parameters(parameters),
        ))
    }
}

/// The texts of two elements of each entry.
fn pairs(entries: &[Element], key: &str, value: &str) -> BTreeMap<String, String> {
    let pair = |entry: &Element| {
        let (key, value) = (entry.text_of(key)?, entry.text_of(value)?);
        Some((key.to_owned(), value.to_owned()))
    };
    entries.iter().filter_map(pair).collect()
}

/// `CloudFormation` has no code of its own for a stack that isn't there.
fn is_absent(error: &Failure) -> bool {
    error.code() == Some("ValidationError")
        && (error.message()).is_some_and(|message| message.contains("does not exist"))
}
