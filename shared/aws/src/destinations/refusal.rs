//! What a call to AWS that failed says of the event: may it be taken later, or never?
//!
//! By the status: a 5xx is the service's own fault and may pass, a 4xx is the call's and won't. But several services say
//! "later" by a 4xx, so their codes are listed. What isn't known as one of these is permanent where the service has answered,
//! and transient where it hasn't.

use std::error::Error;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_sqs::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use protocol::{fault::FaultKind, outgoing::Refusal};

use crate::fault;

/// Codes that come with a 4xx, or within a success, and pass.
const PASSING: &[&str] = &[
    // Credentials that the platform is about to renew, and clocks.
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    // What is being changed, or busy.
    "ConcurrentAccessException",
    "OperationAborted",
    "ResourceConflictException",
    "ResourceInUseException",
    // <https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html>: others must end first.
    "ExecutionLimitExceeded",
    // KMS on the way to an encrypted queue, topic or stream.
    "KMSThrottling",
    "KMSThrottlingException",
    "KmsThrottled",
    // An entry of PutEvents has no status.
    "InternalException",
    "InternalFailure",
    "ServiceUnavailable",
];

/// Why a call of this name has failed.
pub(super) fn of<E>(call: &str, error: &SdkError<E, HttpResponse>) -> Refusal
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let metadata = context.err().meta();
            let status = context.raw().status().as_u16();
            answered(call, Some(status), metadata.code(), metadata.message())
        }
        // What is said of it may quote what was to be sent.
        SdkError::ConstructionFailure(_) => unbuilt(call),
        SdkError::TimeoutError(_) => Refusal::transient(format!("{call} wasn't answered in time")),
        _ => Refusal::transient(format!("{call}: {}", fault::chain(error))),
    }
}

/// The same of an answer that names a code. `status` is `None` of a part of a larger answer.
pub(super) fn answered(
    call: &str,
    status: Option<u16>,
    code: Option<&str>,
    message: Option<&str>,
) -> Refusal {
    // SQS's codes have a prefix.
    let short = code.map_or("", |code| code.rsplit('.').next().unwrap_or(code));
    let status_text = status
        .map(|status| format!("{status} "))
        .unwrap_or_default();
    let mut error = format!(
        "{call} answered {status_text}{}",
        code.unwrap_or("without a code")
    );
    // Who may not do what on which resource; other messages may quote the event.
    if let (FaultKind::Denied, Some(message)) = (fault::kind(code), message) {
        error = format!("{error}: {message}");
    }
    let passes = PASSING.contains(&short)
        || THROTTLING_ERRORS.contains(&short)
        || fault::kind(code) == FaultKind::TimedOut
        || matches!(status, Some(408 | 429 | 500..));
    if passes {
        Refusal::transient(error)
    } else {
        Refusal::permanent(error)
    }
}

/// A call that can't be made of this event.
pub(super) fn unbuilt(call: &str) -> Refusal {
    Refusal::permanent(format!("{call} can't be called with this event"))
}

/// Refuses what is too large before it is sent.
pub(super) fn too_large(kind: &str, bytes: usize, most: usize) -> Result<(), Refusal> {
    if bytes <= most {
        return Ok(());
    }
    Err(Refusal::permanent(format!(
        "it is too large for {kind}: {bytes} bytes with all that goes along, and {most} are taken"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes and statuses are those that the services' references list under the call.
    #[test]
    fn what_passes_is_told_from_what_will_not() {
        for (call, status, code, passes) in [
            (
                "SendMessage",
                400,
                "AWS.SimpleQueueService.NonExistentQueue",
                false,
            ),
            ("SendMessage", 400, "QueueDoesNotExist", false),
            ("SendMessage", 400, "InvalidMessageContents", false),
            ("SendMessage", 403, "RequestThrottled", true),
            ("SendMessage", 400, "KmsThrottled", true),
            ("SendMessage", 400, "KmsDisabled", false),
            ("SendMessage", 403, "AccessDeniedException", false),
            ("SendMessage", 403, "ExpiredToken", true),
            ("PutEvents", 500, "InternalException", true),
            ("PutEvents", 400, "ThrottlingException", true),
            ("Publish", 404, "NotFound", false),
            ("Publish", 400, "InvalidParameter", false),
            ("Publish", 403, "AuthorizationError", false),
            ("Publish", 429, "Throttled", true),
            ("Publish", 500, "InternalError", true),
            ("Publish", 400, "KMSThrottling", true),
            ("Publish", 400, "KMSDisabled", false),
            ("Invoke", 404, "ResourceNotFoundException", false),
            ("Invoke", 409, "ResourceConflictException", true),
            ("Invoke", 413, "RequestTooLargeException", false),
            ("Invoke", 429, "TooManyRequestsException", true),
            ("Invoke", 502, "EC2ThrottledException", true),
            ("StartExecution", 400, "StateMachineDoesNotExist", false),
            ("StartExecution", 400, "ExecutionLimitExceeded", true),
            (
                "PutRecord",
                400,
                "ProvisionedThroughputExceededException",
                true,
            ),
            ("PutRecord", 400, "KMSThrottlingException", true),
            ("PutRecord", 400, "InvalidArgumentException", false),
            ("PutRecord", 503, "ServiceUnavailableException", true),
            ("PutObject", 404, "NoSuchBucket", false),
            ("PutObject", 503, "SlowDown", true),
            ("PutObject", 409, "OperationAborted", true),
            ("PutObject", 400, "RequestTimeout", true),
            ("PutObject", 301, "PermanentRedirect", false),
        ] {
            let refusal = answered(call, Some(status), Some(code), Some("hush"));
            let is_transient = matches!(refusal, Refusal::Transient { .. });
            assert_eq!(is_transient, passes, "{refusal}");
            assert!(
                refusal
                    .to_string()
                    .starts_with(&format!("{call} answered {status} {code}"))
            );
        }
    }

    #[test]
    fn only_a_denials_message_is_told() {
        let said = |code| answered("Publish", Some(400), Some(code), Some("said")).to_string();
        assert!(!said("InvalidParameter").contains("said"));
        let denied = said("AccessDeniedException");
        assert_eq!(denied, "Publish answered 400 AccessDeniedException: said");
        let unnamed = answered("PutEvents", None, None, Some("said"));
        assert_eq!(unnamed.to_string(), "PutEvents answered without a code");
    }

    #[test]
    fn what_is_too_large_is_never_taken() {
        assert_eq!(too_large("SQS", 10, 10), Ok(()));
        let refusal = too_large("SQS", 11, 10);
        let words = "it is too large for SQS: 11 bytes with all that goes along, and 10 are taken";
        assert_eq!(refusal, Err(Refusal::permanent(words)));
    }
}
