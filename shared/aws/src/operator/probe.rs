//! Has a stack's consumer send a test event.

use aws_sdk_lambda::{Client, config::Builder, primitives::Blob};
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use protocol::fault::{Fault, FaultKind};

use crate::{
    fault,
    probe::{Asked, Told},
};

/// The step of a test.
const TESTING: &str = "invoking the consumer";

/// A stack's consumer, which can be called beside the queue.
#[derive(Clone, Debug)]
pub struct Consumer {
    client: Client,
    function: String,
}

impl Consumer {
    pub(super) fn new(config: &SdkConfig, function: &str) -> Self {
        let config = Builder::from(config)
            // A second call would send a second event.
            .retry_config(RetryConfig::disabled())
            // A destination may take as long as the consumer lets it.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        Self {
            client: Client::from_conf(config.build()),
            function: function.to_owned(),
        }
    }

    /// Has it send a test event to this destination, and waits for what comes of it.
    pub async fn test(&self, destination: &str) -> Result<Told, Fault> {
        let other = |text: String| Fault::new(FaultKind::Other, TESTING, text);
        let asked = Asked {
            destination: destination.to_owned(),
        };
        let asked = serde_json::to_vec(&asked).map_err(|error| other(error.to_string()))?;
        let answer = self
            .client
            .invoke()
            .function_name(&self.function)
            .payload(Blob::new(asked))
            .send()
            .await
            .map_err(|error| fault::of(TESTING, &error))?;
        let payload = answer.payload.map(Blob::into_inner).unwrap_or_default();
        if answer.function_error.is_some() {
            return Err(other(format!(
                "it failed: {}",
                String::from_utf8_lossy(&payload)
            )));
        }
        // A consumer that doesn't know what is asked takes it for a batch without messages.
        serde_json::from_slice(&payload).map_err(|_| {
            other("it knows no tests: deploy this version of the functions".to_owned())
        })
    }
}
