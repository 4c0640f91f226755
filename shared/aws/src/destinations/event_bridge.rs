//! Puts events on a bus of Amazon EventBridge: the body as `detail`, the event's type as `detail-type`, the source as
//! `source`. The bus has no place for more but its list of resources, so what else is to be known stands there.
//!
//! `PutEvents` answers with a success where the bus isn't there, and the event is lost
//! (<https://github.com/aws/aws-sdk/issues/186>). So the bus is looked up first, and again when that is some minutes ago.

use std::sync::{Mutex, PoisonError};

use aws_smithy_types::{DateTime, error::metadata::ProvideErrorMetadata as _};
use aws_types::SdkConfig;
use catalogue::arn::Arn;
use protocol::{
    fault::FaultKind,
    outgoing::{Outgoing, Refusal},
    time::{Millis, UnixMillis},
};
use serde::Deserialize;
use serde_json::json;

use super::{clients, json, refusal};
use crate::{
    attributes, fault,
    service::{EVENT_BRIDGE, Service},
    trace,
};

/// Of an entry, in bytes, counted as
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html> says; 1 MB since
/// <https://aws.amazon.com/blogs/compute/more-room-to-build-serverless-services-now-support-payloads-up-to-1-mb>.
const LARGEST: usize = 1_048_576;

/// What the time of an entry counts for: the same page.
const TIME: usize = 14;

/// How long a bus that was there is believed to be there.
const BELIEVED: Millis = Millis::seconds(300);

/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Described {
    arn: Option<String>,
}

/// <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html>
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    #[serde(default)]
    failed_entry_count: u32,
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    error_code: Option<String>,
    error_message: Option<String>,
}

/// A bus.
pub(super) struct Bus {
    service: Service,
    arn: Arn,
    /// To be looked up again then.
    believed: Mutex<UnixMillis>,
}

impl Bus {
    pub(super) fn new(config: &SdkConfig, bus: Arn) -> Self {
        Self {
            service: Service::new(&EVENT_BRIDGE, &clients::in_region_of(config, bus)),
            arn: bus,
            believed: Mutex::default(),
        }
    }

    /// Refuses where the bus isn't there.
    async fn look_up(&self, now: UnixMillis) -> Result<(), Refusal> {
        if now < *self.believed.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(());
        }
        let resource = self.arn.resource();
        let name = resource.strip_prefix("event-bus/").unwrap_or(resource);
        let mut may_be_there = false;
        // One of this account by its name, one of another by its ARN.
        for name in [name, self.arn.as_str()] {
            let input = json!({"Name": name});
            let described: Result<Described, _> =
                self.service.json("DescribeEventBus", &input).await;
            match described {
                Ok(found) if found.arn.as_deref() == Some(self.arn.as_str()) => {
                    may_be_there = true;
                    break;
                }
                Ok(_) => {}
                Err(error) if error.code() == Some("ResourceNotFoundException") => {}
                // Another account's may be put to all the same, or that is denied as well.
                Err(error) if fault::kind(error.code()) == FaultKind::Denied => {
                    may_be_there = true;
                }
                Err(error) => return Err(refusal::of("DescribeEventBus", &error)),
            }
        }
        if !may_be_there {
            return Err(Refusal::permanent("the bus isn't there"));
        }
        *self.believed.lock().unwrap_or_else(PoisonError::into_inner) = now.plus(BELIEVED);
        Ok(())
    }

    pub(super) async fn deliver(
        &self,
        outgoing: &Outgoing,
        now: UnixMillis,
    ) -> Result<(), Refusal> {
        let detail = json::object("EventBridge", outgoing)?;
        let attributes = attributes::attributes(outgoing).into_iter();
        let resources: Vec<String> = attributes
            .map(|(name, text)| format!("{name}:{text}"))
            .collect();
        let bytes = TIME
            + outgoing.source.len()
            + outgoing.event_type.len()
            + detail.len()
            + resources.iter().map(String::len).sum::<usize>();
        refusal::too_large("EventBridge", bytes, LARGEST)?;
        self.look_up(now).await?;
        let mut entry = json!({
            "EventBusName": self.arn.as_str(),
            "Source": outgoing.source,
            "DetailType": outgoing.event_type,
            "Detail": detail,
            "Resources": resources,
            "Time": DateTime::from_millis(outgoing.received_at.0).as_secs_f64(),
        });
        if let Some(trace) = trace::header(outgoing.trace.as_deref()) {
            entry["TraceHeader"] = trace.into();
        }
        let input = json!({"Entries": [entry]});
        match self.service.json("PutEvents", &input).await {
            Ok(answer) => verdict(&answer),
            Err(error) => Err(refusal::of("PutEvents", &error)),
        }
    }
}

/// A call that succeeds may have failed for its entry.
fn verdict(answer: &Answer) -> Result<(), Refusal> {
    let entry = answer.entries.first();
    let code = entry.and_then(|entry| entry.error_code.as_deref());
    if answer.failed_entry_count == 0 && code.is_none() {
        return Ok(());
    }
    let message = entry.and_then(|entry| entry.error_message.as_deref());
    Err(refusal::answered("PutEvents", None, code, message))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::testing::{Aws, outgoing},
        *,
    };

    const TAKEN: &str = r#"{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}"#;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);
    const ARN: &str = "arn:aws:events:eu-west-1:123456789012:event-bus/orders";
    const GONE: &str = r#"{"__type":"ResourceNotFoundException","message":"hush"}"#;
    const DENIED: &str = r#"{"__type":"AccessDeniedException","message":"hush"}"#;

    fn bus(aws: &Aws) -> Bus {
        Bus::new(&aws.config(), Arn::parse(ARN).unwrap())
    }

    /// An AWS that has the bus, and gives this answer then.
    fn with_bus(answer: &str) -> Aws {
        let aws = Aws::answering(200, &json!({"Name": "orders", "Arn": ARN}).to_string());
        aws.answers(200, answer);
        aws
    }

    #[tokio::test]
    async fn the_body_is_the_detail_and_the_type_its_type() {
        let aws = with_bus(TAKEN);
        let event = Outgoing {
            epoch: 1,
            ..outgoing()
        };
        bus(&aws).deliver(&event, NOW).await.unwrap();
        let asked = aws.asked().remove(1);
        assert_eq!(asked.uri, "https://events.eu-west-1.amazonaws.com/");
        let sent: Value = serde_json::from_str(&asked.body).unwrap();
        let key = format!("landfall-idempotency-key:{}", event.idempotency_key);
        let entry = json!({
            "EventBusName": ARN,
            "Source": "stripe",
            "DetailType": "invoice.paid",
            "Detail": r#"{"id":"in_1","note":"hush"}"#,
            "Time": 1_800_000_000.123,
            "Resources": [
                "landfall-source:stripe",
                "landfall-event-id:evt_1",
                "landfall-event-type:invoice.paid",
                "landfall-route:paid-invoices",
                key,
                "landfall-hops:1",
                "landfall-replay:1",
            ],
        });
        assert_eq!(sent, json!({"Entries": [entry]}));
    }

    /// The codes are those of <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html>.
    #[tokio::test]
    async fn an_entry_that_failed_is_told_though_the_call_succeeded() {
        for (code, passes) in [
            ("InternalFailure", true),
            ("InternalException", true),
            ("ThrottlingException", true),
            ("AccessDeniedException", false),
            ("InvalidArgument", false),
            ("MalformedDetail", false),
            ("NotAuthorizedForSourceException", false),
        ] {
            let entry = json!({"ErrorCode": code, "ErrorMessage": "said"});
            let answer = json!({"FailedEntryCount": 1, "Entries": [entry]});
            let aws = with_bus(&answer.to_string());
            let refusal = bus(&aws).deliver(&outgoing(), NOW).await.unwrap_err();
            assert_eq!(
                matches!(refusal, Refusal::Transient { .. }),
                passes,
                "{refusal}"
            );
            assert!(
                refusal
                    .to_string()
                    .starts_with(&format!("PutEvents answered {code}"))
            );
        }
    }

    #[tokio::test]
    async fn a_bus_that_is_not_there_is_not_put_to_and_one_that_is_is_believed_for_a_while() {
        let aws = Aws::answering(400, GONE);
        aws.answers(400, GONE);
        let refusal = bus(&aws).deliver(&outgoing(), NOW).await;
        assert_eq!(refusal, Err(Refusal::permanent("the bus isn't there")));
        let asked: Vec<String> = aws.asked().into_iter().map(|asked| asked.body).collect();
        let by = |name| json!({"Name": name}).to_string();
        assert_eq!(asked, [by("orders"), by(ARN)]);

        let aws = with_bus(TAKEN);
        let bus = bus(&aws);
        for (after, calls) in [(0, 2), (299, 1), (300, 2)] {
            bus.deliver(&outgoing(), NOW.plus(Millis::seconds(after)))
                .await
                .unwrap();
            assert_eq!(aws.asked().len(), calls, "after {after} s");
            let found = json!({"Name": "orders", "Arn": ARN}).to_string();
            if after == 299 {
                aws.answers(200, &found);
            }
            aws.answers(200, TAKEN);
        }
    }

    /// A bus of another account, which has one of that name, too, or none; and one whose policy lets nobody look.
    #[tokio::test]
    async fn another_accounts_bus_is_found_by_its_arn_or_put_to_unseen() {
        let other = json!({"Name": "orders", "Arn": ARN.replace("123", "321")}).to_string();
        let found = json!({"Name": "orders", "Arn": ARN}).to_string();
        for (by_name, by_arn) in [
            ((200, other.as_str()), (200, found.as_str())),
            ((400, GONE), (200, &found)),
            ((400, DENIED), (400, DENIED)),
            ((400, GONE), (400, DENIED)),
        ] {
            let aws = Aws::answering(by_name.0, by_name.1);
            aws.answers(by_arn.0, by_arn.1);
            aws.answers(200, TAKEN);
            assert_eq!(bus(&aws).deliver(&outgoing(), NOW).await, Ok(()));
            assert_eq!(aws.asked().len(), 3);
        }
    }

    #[tokio::test]
    async fn what_is_no_object_or_too_large_is_refused_before_a_call() {
        let aws = Aws::default();
        let large = format!("{{\"a\":\"{}\"}}", "a".repeat(LARGEST));
        for body in [b"a=b".to_vec(), large.into_bytes()] {
            let event = Outgoing { body, ..outgoing() };
            let refusal = bus(&aws).deliver(&event, NOW).await;
            assert!(
                matches!(refusal, Err(Refusal::Permanent { .. })),
                "{refusal:?}"
            );
        }
        assert!(aws.asked().is_empty());
    }
}
