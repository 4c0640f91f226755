//! Invokes a function of AWS Lambda with the event as a `CloudEvent`.
//!
//! Asynchronously it is done when Lambda has taken the event, whose own retries and destinations then apply. Else the
//! function's answer is waited for: an error that it returns or throws may pass, so the leg is tried again within its limits.
//! What the function says is not looked at.

use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::outgoing::{Outgoing, Refusal};

use super::{clients, json, refusal};
use crate::lambda::{Invocation, Lambda};

/// Of a payload in bytes, with and without waiting: <https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html>.
const LARGEST: usize = 6 * 1_048_576;
const LARGEST_ASYNCHRONOUS: usize = 1_048_576;

/// A function.
pub(super) struct Function {
    lambda: Lambda,
    arn: Arn,
    asynchronous: bool,
}

impl Function {
    pub(super) fn new(config: &SdkConfig, function: Arn, asynchronous: bool) -> Self {
        Self {
            lambda: Lambda::new(&clients::in_region_of(config, function)),
            arn: function,
            asynchronous,
        }
    }

    pub(super) async fn deliver(&self, outgoing: &Outgoing) -> Result<(), Refusal> {
        let payload = json::cloud_event(outgoing)?;
        let (kind, most) = if self.asynchronous {
            (Invocation::Event, LARGEST_ASYNCHRONOUS)
        } else {
            (Invocation::RequestResponse, LARGEST)
        };
        refusal::too_large("Lambda", payload.len(), most)?;
        let invoked = self.lambda.invoke(self.arn.as_str(), kind, payload).await;
        let invoked = invoked.map_err(|error| refusal::of("Invoke", &error))?;
        if invoked.has_failed {
            Err(Refusal::transient("the function failed"))
        } else {
            Ok(())
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

    async fn deliver(aws: &Aws, asynchronous: bool, outgoing: &Outgoing) -> Result<(), Refusal> {
        let arn = "arn:aws:lambda:eu-west-1:123456789012:function:orders:live";
        let function = Function::new(&aws.config(), Arn::parse(arn).unwrap(), asynchronous);
        function.deliver(outgoing).await
    }

    #[tokio::test]
    async fn a_function_gets_the_event_with_what_is_to_be_known_of_it() {
        for (asynchronous, kind) in [(true, "Event"), (false, "RequestResponse")] {
            let aws = Aws::answering(200, "");
            deliver(&aws, asynchronous, &outgoing()).await.unwrap();
            let asked = aws.asked().remove(0);
            let path = "functions/arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aorders%3Alive/invocations";
            assert!(asked.uri.contains(path), "{}", asked.uri);
            assert_eq!(asked.headers["x-amz-invocation-type"], kind);
            assert_eq!(asked.body, json::cloud_event(&outgoing()).unwrap());
        }
    }

    #[tokio::test]
    async fn a_function_that_fails_may_do_better_later_and_its_words_are_not_told() {
        let aws = Aws::default();
        aws.answers_with(
            200,
            &[("x-amz-function-error", "Unhandled")],
            r#"{"errorMessage":"hush"}"#,
        );
        let refusal = deliver(&aws, false, &outgoing()).await;
        assert_eq!(refusal, Err(Refusal::transient("the function failed")));
    }

    #[tokio::test]
    async fn limits_are_those_of_the_way_of_invoking() {
        let aws = Aws::answering(200, "");
        let body = format!("\"{}\"", "a".repeat(LARGEST_ASYNCHRONOUS)).into_bytes();
        let event = Outgoing { body, ..outgoing() };
        let refusal = deliver(&aws, true, &event).await;
        assert!(
            matches!(refusal, Err(Refusal::Permanent { .. })),
            "{refusal:?}"
        );
        assert!(aws.asked().is_empty());
        assert_eq!(deliver(&aws, false, &event).await, Ok(()));
    }
}
