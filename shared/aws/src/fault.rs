//! What the log is told of a call that failed.

use std::error::Error;

use aws_runtime::retries::classifiers::THROTTLING_ERRORS;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use protocol::{
    fault::{Fault, FaultKind},
    ports::Written,
};

/// The codes by which the services deny a call:
/// <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>, and S3's, SNS's and SQS's own words for the same.
const DENIALS: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// The codes that say that nobody waits any longer.
const TIME_OUTS: &[&str] = &["RequestTimeout", "RequestTimeoutException"];

/// A step whose call failed: in which way, and what the service or the way to it said.
pub(crate) fn of<E, R>(step: &'static str, error: &SdkError<E, R>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let (kind, said) = match error {
        SdkError::ServiceError(context) => (kind(context.err().code()), service(context.err())),
        SdkError::TimeoutError(_) => (FaultKind::TimedOut, chain(error)),
        SdkError::DispatchFailure(failure) if failure.is_timeout() => {
            (FaultKind::TimedOut, chain(error))
        }
        SdkError::ResponseError(_) => (FaultKind::Malformed, chain(error)),
        _ => (FaultKind::Other, chain(error)),
    };
    Fault::new(kind, step, said)
}

/// An entry that failed, of a step whose call was answered: in which way, and what the service said.
pub(crate) fn of_entry(step: &'static str, code: &str, message: Option<&str>) -> Fault {
    Fault::new(kind(Some(code)), step, words(code, message))
}

/// What a conditional write came to. That its condition was false is no fault.
pub(crate) fn of_write<T, E, R>(
    step: &'static str,
    result: Result<T, SdkError<E, R>>,
    was_false: impl FnOnce(&E) -> bool,
) -> Result<Written, Fault>
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    match result {
        Ok(_) => Ok(Written::Yes),
        Err(error) if error.as_service_error().is_some_and(was_false) => Ok(Written::No),
        Err(error) => Err(of(step, &error)),
    }
}

/// The kind of a service's error, by its code. SQS's older codes have a prefix.
pub(crate) fn kind(code: Option<&str>) -> FaultKind {
    let code = code.map_or("", |code| code.rsplit('.').next().unwrap_or(code));
    if THROTTLING_ERRORS.contains(&code) {
        FaultKind::Throttled
    } else if DENIALS.contains(&code) {
        FaultKind::Denied
    } else if TIME_OUTS.contains(&code) {
        FaultKind::TimedOut
    } else {
        FaultKind::Other
    }
}

fn service(error: &impl ProvideErrorMetadata) -> String {
    words(error.code().unwrap_or("no error code"), error.message())
}

fn words(code: &str, message: Option<&str>) -> String {
    match message {
        // What is said of invalid input may quote it.
        Some(message) if !code.contains("Validation") && !code.contains("Invalid") => {
            format!("{code}: {message}")
        }
        _ => code.to_owned(),
    }
}

/// An error and its causes, without what `Debug` would say of the request.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_told_by_the_codes_that_the_services_document() {
        for (code, expected) in [
            (
                "ProvisionedThroughputExceededException",
                FaultKind::Throttled,
            ),
            ("ThrottlingException", FaultKind::Throttled),
            (
                "AWS.SimpleQueueService.RequestThrottled",
                FaultKind::Throttled,
            ),
            ("SlowDown", FaultKind::Throttled),
            ("AccessDeniedException", FaultKind::Denied),
            ("AccessDenied", FaultKind::Denied),
            ("UnrecognizedClientException", FaultKind::Denied),
            ("RequestTimeout", FaultKind::TimedOut),
            ("ResourceNotFoundException", FaultKind::Other),
            ("AWS.SimpleQueueService.NonExistentQueue", FaultKind::Other),
        ] {
            assert_eq!(kind(Some(code)), expected, "{code}");
        }
        assert_eq!(kind(None), FaultKind::Other);
    }
}
