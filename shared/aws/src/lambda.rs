//! AWS Lambda, as far as anything here uses it: functions are invoked, and an operator is told how they are set up.

// Each program calls some of it.
#![cfg_attr(
    not(all(feature = "destinations", feature = "operator")),
    allow(dead_code)
)]

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_types::SdkConfig;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::service::{self, Asked, Failure, Service, body, encoded, json};

/// The functions of an account and region. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Lambda(Service);

/// How a function is invoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Invocation {
    /// Lambda takes the payload and answers at once.
    Event,
    /// The function's answer is waited for.
    RequestResponse,
}

/// What came of an invocation.
pub(crate) struct Invoked {
    /// Whether the function returned an error, or threw one.
    pub(crate) has_failed: bool,
    /// What it returned.
    pub(crate) payload: Bytes,
}

impl Lambda {
    pub(crate) fn new(config: &SdkConfig) -> Self {
        Self(Service::new(&service::LAMBDA, config))
    }

    /// <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>
    pub(crate) async fn invoke(
        &self,
        function: &str,
        invocation: Invocation,
        payload: impl Into<Bytes>,
    ) -> Result<Invoked, Failure> {
        let invocation = match invocation {
            Invocation::Event => "Event",
            Invocation::RequestResponse => "RequestResponse",
        };
        let header = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let path = format!("/2015-03-31/functions/{}/invocations", encoded(function));
        let asked = Asked {
            headers: vec![
                header("content-type", "application/octet-stream"),
                header("x-amz-invocation-type", invocation),
            ],
            body: payload.into(),
            ..Asked::without_body("POST", path)
        };
        let read = |response: &HttpResponse| {
            Ok(Invoked {
                has_failed: response.headers().contains_key("x-amz-function-error"),
                payload: Bytes::copy_from_slice(body(response)),
            })
        };
        self.0.call("Invoke", asked, read).await
    }

    /// Asks about something at this path.
    pub(crate) async fn get<T: DeserializeOwned + Send + Sync + 'static>(
        &self,
        operation: &'static str,
        path: String,
    ) -> Result<T, Failure> {
        let asked = Asked::without_body("GET", path);
        self.0.call(operation, asked, json::read).await
    }
}
