//! The log of what operators have done: who, and what. Whoever does it writes the line.

use aws_smithy_types::{DateTime, date_time::Format, error::metadata::ProvideErrorMetadata as _};
use aws_types::SdkConfig;
use protocol::{
    fault::{Fault, FaultKind},
    time::UnixMillis,
};
use serde::de::IgnoredAny;
use serde_json::json;

use crate::{
    fault,
    service::{CLOUD_WATCH_LOGS, Service},
};

/// What stands in the place of a function's name, where lines of operators are read.
pub const OPERATORS: &str = "operators";

/// The log of a stack's operators.
#[derive(Clone, Debug)]
pub struct Deeds {
    logs: Service,
    identities: aws_sdk_sts::Client,
    group: String,
}

impl Deeds {
    pub(super) fn new(config: &SdkConfig, stack: &str) -> Self {
        Self {
            logs: Service::new(&CLOUD_WATCH_LOGS, config),
            identities: aws_sdk_sts::Client::new(config),
            group: format!("/aws/lambda/{stack}/{OPERATORS}"),
        }
    }

    /// Whose credentials these are: the ARN of a user or of a role's session. Nobody needs a permission to ask.
    pub async fn who(&self) -> Result<String, Fault> {
        let step = "asking who you are";
        let identity = self.identities.get_caller_identity().send().await;
        let identity = identity.map_err(|error| fault::of(step, &error))?;
        let none = || Fault::new(FaultKind::Malformed, step, "the answer names nobody");
        identity.arn.ok_or_else(none)
    }

    /// Writes a line. The stream is that of its day.
    pub async fn write(&self, at: UnixMillis, line: &str) -> Result<(), Fault> {
        let step = "writing the operators' log";
        let unwritable = |_| Fault::new(FaultKind::Malformed, step, "the time is of no calendar");
        let mut stream = DateTime::from_millis(at.0)
            .fmt(Format::DateTime)
            .map_err(unwritable)?;
        stream.truncate("2026-11-30".len());
        let input = json!({"logGroupName": self.group, "logStreamName": stream});
        match self.logs.json("CreateLogStream", &input).await {
            Ok(IgnoredAny) => {}
            Err(error) if error.code() == Some("ResourceAlreadyExistsException") => {}
            Err(error) => return Err(fault::of(step, &error)),
        }
        let input = json!({
            "logGroupName": self.group,
            "logStreamName": stream,
            "logEvents": [{"timestamp": at.0, "message": line}],
        });
        let put = self.logs.json("PutLogEvents", &input).await;
        let IgnoredAny = put.map_err(|error| fault::of(step, &error))?;
        Ok(())
    }
}
