//! Starts an execution of a state machine of AWS Step Functions, with the event as a `CloudEvent`.
//!
//! The execution is named after the event on its route, so that a retry starts no second one of a standard workflow for 90
//! days. (An express workflow has no such memory, and may run twice.)

use aws_smithy_types::error::metadata::ProvideErrorMetadata as _;
use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};
use serde::de::IgnoredAny;
use serde_json::json;

use super::{clients, json, refusal, text};
use crate::{
    service::{STEP_FUNCTIONS, Service},
    trace,
};

/// Of an input in bytes:
/// <https://docs.aws.amazon.com/step-functions/latest/apireference/API_ExecutionStartedEventDetails.html>.
const LARGEST: usize = 262_144;

/// A state machine.
pub(super) struct StateMachine {
    service: Service,
    state_machine: Arn,
}

impl StateMachine {
    pub(super) fn new(config: &SdkConfig, state_machine: Arn) -> Self {
        Self {
            service: Service::new(
                &STEP_FUNCTIONS,
                &clients::in_region_of(config, state_machine),
            ),
            state_machine,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let input = json::cloud_event(outgoing)?;
        refusal::too_large("Step Functions", input.len(), LARGEST)?;
        let mut execution = json!({
            "stateMachineArn": self.state_machine.as_str(),
            // Hex digits and a dash, at most 80 of them.
            "name": text::once(outgoing),
            "input": input,
        });
        if let Some(trace) = trace::header(outgoing.trace.as_deref()) {
            execution["traceHeader"] = trace.into();
        }
        match self.service.json("StartExecution", &execution).await {
            Ok(IgnoredAny) => Ok(()),
            // An earlier try of this event has started it.
            Err(error) if error.code() == Some("ExecutionAlreadyExists") => Ok(()),
            Err(error) => Err(refusal::of("StartExecution", &error)),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::{
        super::testing::{Aws, outgoing},
        *,
    };

    async fn deliver(aws: &Aws, outgoing: &Outgoing) -> Result<(), Refusal> {
        let arn = "arn:aws:states:eu-west-1:123456789012:stateMachine:Orders";
        let machine = StateMachine::new(&aws.config(), Arn::parse(arn).unwrap());
        machine.deliver(outgoing).await
    }

    #[tokio::test]
    async fn an_execution_is_named_after_the_event_and_its_replay() {
        for epoch in [0, 1] {
            let aws = Aws::answering(200, r#"{"executionArn":"a","startDate":1}"#);
            let event = Outgoing {
                epoch,
                ..outgoing()
            };
            deliver(&aws, &event).await.unwrap();
            let sent = aws.asked_json();
            assert_eq!(sent["name"], text::once(&event));
            assert!(sent["name"].as_str().unwrap().len() <= 80);
            assert_eq!(sent["input"], json::cloud_event(&event).unwrap());
        }
    }

    #[tokio::test]
    async fn an_execution_that_is_there_already_was_started_by_an_earlier_try() {
        let there = r#"{"__type":"ExecutionAlreadyExists","message":"hush"}"#;
        assert_eq!(
            deliver(&Aws::answering(400, there), &outgoing()).await,
            Ok(())
        );
        let gone = r#"{"__type":"StateMachineDoesNotExist","message":"hush"}"#;
        let refusal = deliver(&Aws::answering(400, gone), &outgoing()).await;
        let words = "StartExecution answered 400 StateMachineDoesNotExist";
        assert_eq!(refusal, Err(Refusal::permanent(words)));
    }

    #[tokio::test]
    async fn what_is_too_large_is_refused_before_a_call() {
        let aws = Aws::default();
        let body = format!("\"{}\"", "a".repeat(LARGEST)).into_bytes();
        let refusal = deliver(&aws, &Outgoing { body, ..outgoing() }).await;
        assert!(
            matches!(refusal, Err(Refusal::Permanent { .. })),
            "{refusal:?}"
        );
        assert!(aws.asked().is_empty());
    }
}
