//! `landfall destinations test`: has the deployed consumer send one destination a test event.

use std::process::ExitCode;

use catalogue::{Environment, destination::Destination, permission::permission};
use landfall_aws::probe::{Came, Told};
use serde_json::{Value, json};

use crate::{failure::Failure, print, stack::Stack};

pub(super) async fn run(
    stack: &Stack,
    name: &str,
    live: bool,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    let destination = stack.destination(name)?;
    meant(stack.environment, stack.deployed.name(), live)?;
    let told = stack.deployed.consumer()?.test(name).await?;
    if as_json {
        print::json(&report(destination, &told));
    } else {
        for line in lines(destination, &told) {
            print::line(&line);
        }
    }
    Ok(ExitCode::from(u8::from(told.came != Came::Taken)))
}

/// What is in live gets nothing unasked.
fn meant(environment: Environment, stack: &str, live: bool) -> Result<(), Failure> {
    if environment == Environment::Live && !live {
        return Err(Failure::usage(format!(
            "the stack `{stack}` is of the environment live, where what gets a test event may act on it: give --live if \
             you mean it"
        )));
    }
    Ok(())
}

fn report(destination: &Destination, told: &Told) -> Value {
    let mut report = json!(told);
    report["destination"] = destination.name.as_str().into();
    report["kind"] = destination.kind.word().into();
    report["address"] = destination.kind.address().into();
    if let (Came::Permanent { .. }, Some((parameter, arn))) = (&told.came, permission(destination))
    {
        report["needs"] = json!({ parameter: arn });
    }
    report
}

fn lines(destination: &Destination, told: &Told) -> Vec<String> {
    let (name, ms) = (destination.name.as_str(), told.ms);
    let came = match &told.came {
        Came::Taken => format!("taken, in {ms} ms, as event {}", told.event_id),
        Came::Permanent { error } => format!("refused for good, in {ms} ms: {error}"),
        Came::Transient {
            error,
            retry_after_ms,
        } => {
            let wait = retry_after_ms.map(|wait| format!("; it asks for a wait of {} s", wait / 1_000));
            let wait = wait.unwrap_or_default();
            format!("not taken now, in {ms} ms, and it may take it later: {error}{wait}")
        }
        Came::Unknown => {
            "the configuration that the stack runs with has no such destination: deploy this file first".into()
        }
    };
    let mut lines = vec![format!("{name}: {came}")];
    if let (Came::Permanent { .. }, Some((parameter, arn))) = (&told.came, permission(destination))
    {
        lines.push(format!(
            "{name}: the consumer may call {arn} only where the template's parameter {parameter} lists it"
        ));
    }
    lines
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use catalogue::reader;

    use super::*;

    const FILE: &str = "[destinations.billing]\nhttp = \"https://billing.example.com/hooks\"\n\
                        [destinations.orders]\nsqs = \"arn:aws:sqs:eu-central-1:123456789012:orders\"\n";

    fn told(came: Came) -> Told {
        Told {
            event_id: "test-1".into(),
            ms: 12,
            came,
        }
    }

    fn said(destination: &str, came: Came) -> (String, Value) {
        let read = reader::read(FILE, Environment::Live).unwrap();
        let destination = read.destinations.get(destination).unwrap();
        let told = told(came);
        (
            lines(destination, &told).join("\n"),
            report(destination, &told),
        )
    }

    #[test]
    fn a_destination_that_takes_it_says_how_soon() {
        let (words, report) = said("billing", Came::Taken);
        assert_eq!(words, "billing: taken, in 12 ms, as event test-1");
        let expected = json!({
            "destination": "billing",
            "kind": "http",
            "address": "https://billing.example.com/hooks",
            "event_id": "test-1",
            "ms": 12,
            "outcome": "taken",
        });
        assert_eq!(report, expected);
    }

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        let transient = Came::Transient {
            error: "the address answered 503".into(),
            retry_after_ms: Some(30_000),
        };
        let (words, report) = said("billing", transient);
        assert_eq!(
            words,
            "billing: not taken now, in 12 ms, and it may take it later: the address answered 503; it asks for a wait \
             of 30 s"
        );
        assert_eq!(
            (&report["outcome"], &report["retry_after_ms"]),
            (&json!("transient"), &json!(30_000))
        );
        let gone = Came::Permanent {
            error: "the address answered 404".into(),
        };
        let (words, report) = said("billing", gone);
        assert_eq!(
            words,
            "billing: refused for good, in 12 ms: the address answered 404"
        );
        assert_eq!(report["outcome"], "permanent");
    }

    #[test]
    fn what_aws_refuses_names_the_parameter_that_permits_it() {
        let denied = Came::Permanent {
            error: "AccessDenied".into(),
        };
        let (words, report) = said("orders", denied);
        assert!(words.ends_with(
            "orders: the consumer may call arn:aws:sqs:eu-central-1:123456789012:orders only where the template's \
             parameter DestinationQueueArns lists it"
        ));
        let needs = json!({"DestinationQueueArns": "arn:aws:sqs:eu-central-1:123456789012:orders"});
        assert_eq!(report["needs"], needs);
        // A queue that was just too slow is permitted.
        let slow = Came::Transient {
            error: "there was no answer in time".into(),
            retry_after_ms: None,
        };
        assert!(!said("orders", slow).0.contains("DestinationQueueArns"));
    }

    #[test]
    fn in_live_nothing_is_sent_unless_it_is_meant() {
        assert!(meant(Environment::Live, "landfall-live", true).is_ok());
        assert!(meant(Environment::Test, "landfall-test", false).is_ok());
        let failure = meant(Environment::Live, "landfall-live", false).unwrap_err();
        assert!(failure.to_string().contains("--live"));
    }
}
