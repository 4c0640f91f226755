//! What the handlers' state is built from, when a process starts.

use catalogue::Environment;
use landfall_aws::clients::SdkConfig;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// What the handlers' state is built from.
#[derive(Debug)]
pub struct Start {
    /// In which environment the process runs.
    pub environment: Environment,
    /// Region, credentials, retries and timeouts, for a client of an AWS service.
    pub aws: SdkConfig,
    settings: Value,
}

impl Start {
    pub(crate) fn new(
        environment: Environment,
        aws: SdkConfig,
        settings: &Map<String, Value>,
    ) -> Self {
        Self {
            environment,
            aws,
            settings: Value::Object(settings.clone()),
        }
    }

    /// What the template's parameter `HandlerSettings` says, in this shape. The error names what is missing or of
    /// another type.
    pub fn settings<T: DeserializeOwned>(&self) -> Result<T, String> {
        T::deserialize(&self.settings).map_err(|error| format!("HandlerSettings: {error}"))
    }
}
