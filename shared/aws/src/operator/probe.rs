//! Has a stack's consumer send a test event.

use aws_smithy_types::retry::RetryConfig;
use aws_types::SdkConfig;
use protocol::fault::{Fault, FaultKind};

use crate::{
    fault,
    lambda::{Invocation, Lambda},
    probe::{Asked, Told},
};

/// The step of a test.
const TESTING: &str = "invoking the consumer";

/// A stack's consumer, which can be called beside the queue.
#[derive(Clone, Debug)]
pub struct Consumer {
    lambda: Lambda,
    function: String,
}

impl Consumer {
    pub(super) fn new(config: &SdkConfig, function: &str) -> Self {
        // A second call would send a second event.
        let once = config.to_builder().retry_config(RetryConfig::disabled());
        Self {
            lambda: Lambda::new(&once.build()),
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
        let invocation = Invocation::RequestResponse;
        let answer = self.lambda.invoke(&self.function, invocation, asked).await;
        let answer = answer.map_err(|error| fault::of(TESTING, &error))?;
        let payload = answer.payload;
        if answer.has_failed {
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
