//! The answers are DynamoDB's own words:
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html>
#![allow(clippy::unwrap_used)]

use serde_json::{Value, json};

use super::super::{all, state};
use crate::{
    registry::Registry,
    testkit::{Api, Attempt, RunOutcome, Table, event, start_with_aws},
};

/// The handlers with their state, in a process whose AWS is this API.
async fn handlers(aws: &Api) -> Registry {
    let start = start_with_aws(&json!({"accounts": "accounts"}), aws);
    all().with(state(start).await.unwrap()).unwrap()
}

fn payment(body: &Value) -> Attempt {
    Attempt::new(event("bank", "payment.settled", body), &Table::default())
}

fn seven() -> Attempt {
    payment(&json!({"account": "a1", "amount": 7}))
}

/// What a transaction is answered that is cancelled, with the reason of each of its two writes.
fn cancelled(reasons: [&str; 2]) -> Value {
    json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "CancellationReasons": reasons.map(|code| json!({"Code": code})),
    })
}

#[tokio::test]
async fn a_key_that_is_there_means_that_it_is_done() {
    let aws = Api::answering(200);
    aws.answer(400, &cancelled(["ConditionalCheckFailed", "None"]));
    let ran = seven().again().run(&handlers(&aws).await, "credit").await;
    assert_eq!(ran, RunOutcome::Done);
}

#[tokio::test]
async fn effect_and_key_are_one_transaction_and_every_run_has_the_same_key() {
    let aws = Api::answering(200);
    aws.answer(200, "{}");
    let handlers = handlers(&aws).await;
    let first = seven();
    for attempt in [
        first.clone(),
        first.clone().again(),
        first.clone().replayed(),
    ] {
        let ran = attempt.run(&handlers, "credit").await;
        assert_eq!(ran, RunOutcome::Done);
    }
    let asked = aws.asked();
    let target = &asked[0].headers["x-amz-target"];
    assert_eq!(target, "DynamoDB_20120810.TransactWriteItems");
    let written = |at: usize| -> Value {
        let body: Value = serde_json::from_str(&asked[at].body).unwrap();
        body["TransactItems"].clone()
    };
    let key = format!("done#{}", first.context.idempotency_key);
    let expected = json!([
        {"Put": {
            "TableName": "accounts",
            "Item": {"pk": {"S": key}, "event": {"S": "evt_1"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }},
        {"Update": {
            "TableName": "accounts",
            "Key": {"pk": {"S": "account#a1"}},
            "UpdateExpression": "ADD balance :amount",
            "ExpressionAttributeValues": {":amount": {"N": "7"}},
        }},
    ]);
    for at in 0..3 {
        assert_eq!(written(at), expected);
    }
}

#[tokio::test]
async fn a_transaction_that_fails_for_any_other_reason_is_tried_again() {
    let aws = Api::answering(200);
    let handlers = handlers(&aws).await;
    let cancelled = |reasons| {
        let answer = cancelled(reasons);
        (400, answer.to_string(), "TransactionCanceledException")
    };
    let refused = json!({"__type": "com.amazon.coral.service#AccessDeniedException"});
    for (status, answer, error) in [
        cancelled(["None", "TransactionConflict"]),
        cancelled(["TransactionConflict", "None"]),
        cancelled(["None", "ConditionalCheckFailed"]),
        (400, refused.to_string(), "AccessDeniedException"),
        (500, String::new(), "no answer"),
    ] {
        aws.answer(status, &answer);
        let ran = seven().run(&handlers, "credit").await;
        let expected = RunOutcome::Retry {
            error: error.into(),
            after: None,
        };
        assert_eq!(ran, expected, "{answer}");
    }
}

#[tokio::test]
async fn what_is_no_payment_is_given_up_and_nothing_is_written() {
    let aws = Api::answering(200);
    let handlers = handlers(&aws).await;
    for body in [
        json!({"amount": 7}),
        json!({"account": "", "amount": 7}),
        json!({"account": "a".repeat(257), "amount": 7}),
        json!({"account": "a1", "amount": -7}),
        json!({"account": "a1", "amount": 0.5}),
    ] {
        let ran = payment(&body).run(&handlers, "credit").await;
        assert!(matches!(ran, RunOutcome::Permanent(_)), "{body}: {ran:?}");
    }
    assert!(aws.asked().is_empty());
}
