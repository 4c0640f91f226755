//! What the log is told of a call that failed.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use protocol::ports::{Fault, Written};

/// A failed call in words: what was tried, and what the service or the way to it said.
pub(crate) fn of<E, R>(tried: &str, error: &SdkError<E, R>) -> Fault
where
    E: ProvideErrorMetadata + Error + 'static,
    R: std::fmt::Debug + 'static,
{
    let said = match error {
        SdkError::ServiceError(context) => service(context.err()),
        _ => chain(error),
    };
    Fault(format!("{tried}: {said}"))
}

/// What a conditional write came to. That its condition was false is no fault.
pub(crate) fn of_write<T, E, R>(
    tried: &str,
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
        Err(error) => Err(of(tried, &error)),
    }
}

fn service(error: &impl ProvideErrorMetadata) -> String {
    let code = error.code().unwrap_or("no error code");
    match error.message() {
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
