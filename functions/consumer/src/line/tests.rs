#![allow(clippy::unwrap_used)]

use landfall_aws::metrics::By;
use serde_json::{Value, json};

use super::*;

fn leg(route: &str, outcome: LegOutcome) -> LegLine {
    LegLine {
        route: route.into(),
        outcome,
        tries: 1,
        ran: Some(Millis(30)),
        error: None,
    }
}

fn json_of(outcome: TicketOutcome, legs: &[LegLine]) -> Value {
    let attempt = TicketLine {
        message_id: "m".into(),
        source: Some("self".into()),
        event_id: Some("v1-verification.completed".into()),
        event_type: Some("verification.completed".into()),
        reference: Some(("verification_id".into(), "v1".into())),
        outcome,
        reason: None,
        error: None,
        attempt: Some(2),
        why: Some(Why::New),
        epoch: None,
        legs: legs.to_vec(),
        items: None,
        took: Millis(50),
        age: Some(Millis(900)),
        trace: None,
    };
    json!(attempt.line("stack", UnixMillis(1)).json(By::Source))
}

#[test]
fn a_line_says_what_operators_search_for() {
    insta::assert_snapshot!(format!(
        "{:#}",
        json_of(
            TicketOutcome::Succeeded,
            &[leg("paid", LegOutcome::Succeeded)]
        )
    ));
}

#[test]
fn a_bundles_line_says_what_became_of_its_items() {
    let line = |conflicts| {
        let attempt = TicketLine {
            outcome: TicketOutcome::Split,
            items: Some(Tally {
                all: 3,
                written: 1,
                conflicts,
            }),
            ..TicketLine::default()
        };
        json!(attempt.line("stack", UnixMillis(1)).json(By::Source))
    };
    let json = line(2);
    assert_eq!(
        (&json["outcome"], &json["items"]),
        (&json!("split"), &json!(3))
    );
    assert_eq!(
        (&json["items_written"], &json["body.conflict"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(line(0)["body.conflict"], Value::Null);
}

#[test]
fn every_leg_is_told_and_counted() {
    let failed = LegLine {
        error: Some("no".into()),
        ..leg("crm", LegOutcome::Failed)
    };
    let legs = [
        leg("paid", LegOutcome::Succeeded),
        leg("audit", LegOutcome::Skipped),
        failed,
        leg("billing", LegOutcome::Held),
        leg("slack", LegOutcome::Retried),
    ];
    let line = json_of(TicketOutcome::Failed, &legs);
    for (metric, many) in [
        ("attempts.succeeded", 2),
        ("attempts.failed", 1),
        ("attempts.held", 1),
        ("attempts.retried", 1),
    ] {
        assert_eq!(line[metric], many, "{metric}");
    }
    let told = json!({"route": "crm", "outcome": "failed", "tries": 1, "ms": 30, "error": "no"});
    assert_eq!(line["legs"][2], told);
    let unrouted = json_of(TicketOutcome::Unrouted, &[]);
    assert_eq!(unrouted["events.unrouted"], 1);
}

#[test]
fn what_is_no_attempt_is_not_counted_as_one() {
    for outcome in [
        TicketOutcome::PutBack,
        TicketOutcome::Dropped,
        TicketOutcome::Buried,
        TicketOutcome::Fenced,
        TicketOutcome::Unavailable,
    ] {
        let line = json_of(outcome, &[]);
        for metric in ["attempts.succeeded", "attempts.retried", "attempts.failed"] {
            assert_eq!(line[metric], Value::Null, "{outcome:?}");
        }
        assert_eq!(line["age_ms"], 900);
    }
}

#[test]
fn a_line_says_which_trace_it_belongs_to() {
    let traced = TicketLine {
        trace: Some("1-5759e988-bd862e3fe1be46a994272793".into()),
        ..TicketLine::default()
    };
    let line = json!(traced.line("stack", UnixMillis(1)).json(By::Stack));
    assert_eq!(line["trace"], "1-5759e988-bd862e3fe1be46a994272793");
}

#[test]
fn a_replay_says_which_one_it_is() {
    let line = |why, epoch| {
        let ticket = TicketLine {
            why: Some(why),
            epoch,
            ..TicketLine::default()
        };
        json!(ticket.line("stack", UnixMillis(1)).json(By::Stack))
    };
    assert_eq!(line(Why::Replay, Some(3))["epoch"], 3);
    assert_eq!(line(Why::New, None)["epoch"], Value::Null);
}

#[test]
fn a_reference_never_stands_in_for_a_field_of_ours() {
    let attempt = TicketLine {
        reference: Some(("outcome".into(), "forged".into())),
        ..TicketLine::default()
    };
    let line = json!(attempt.line("stack", UnixMillis(1)).json(By::Source));
    assert_eq!(line["outcome"], "unavailable");
}

/// A line of an event that succeeds at once, with names as long as they usually are.
fn usual() -> Line {
    let line = TicketLine {
        message_id: "059f36b4-87a3-44ab-83d2-661975830a7d".into(),
        source: Some("acme-billing".into()),
        event_id: Some("0f8fad5b-d9cb-469f-a165-70867728950e".into()),
        event_type: Some("customer.subscription.updated".into()),
        outcome: TicketOutcome::Succeeded,
        attempt: Some(1),
        why: Some(Why::New),
        legs: vec![leg("paid-invoices", LegOutcome::Succeeded)],
        took: Millis(50),
        age: Some(Millis(900)),
        ..TicketLine::default()
    };
    line.line("landfall-live", UnixMillis(1_800_000_000_000))
}

fn bytes(line: &Line, by: By) -> usize {
    json!(line.json(by)).to_string().len()
}

/// What `landfall cost` goes by.
#[test]
fn the_price_is_computed_from_these_lines() {
    let of_batch = |tickets| {
        let batch = BatchLine::of(tickets);
        for _ in 0..tickets {
            let _ = batch.take(usual(), By::Stack);
        }
        let line = batch.line("landfall-live", UnixMillis(1_800_000_000_000));
        bytes(&line.unwrap(), By::Stack)
    };
    let known = include_str!("../../../../cli/src/cost/measured.json");
    let known: Value = serde_json::from_str(known).unwrap();
    let own = bytes(&usual().uncounted(), By::Stack);
    let counted = bytes(&usual(), By::Stack);
    let expected = json!({
        "consumer_line_bytes": own,
        "consumer_counts_bytes": counted - own,
        "batch_line_bytes": [[2, of_batch(2)], [10, of_batch(10)]],
        "source_metrics_bytes": bytes(&usual(), By::Source) - counted,
    });
    for (name, value) in expected.as_object().into_iter().flatten() {
        assert_eq!(known[name]["value"], *value, "{name}");
    }
}
