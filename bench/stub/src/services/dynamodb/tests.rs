#![allow(clippy::unwrap_used)]

use super::*;

fn call(tables: &Tables, operation: &str, body: &str) -> Result<String, String> {
    let called = tables.call(operation, body.as_bytes()).unwrap();
    called.map_err(|error| format!("{}{}", error.name, error.beside))
}

const PUT: &str = r##"{"TableName":"t","Item":{"pk":{"S":"a"},"sk":{"S":"event"},"n":{"N":"1"}},
    "ConditionExpression":"attribute_not_exists(#pk) OR #e <= :now",
    "ExpressionAttributeNames":{"#pk":"pk","#e":"e"},"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"##;

#[test]
fn what_is_to_be_new_is_stored_once_and_whoever_is_late_is_shown_it() {
    let tables = Tables::default();
    assert_eq!(call(&tables, "PutItem", PUT).unwrap(), "{}");
    assert_eq!(
        call(&tables, "PutItem", PUT).unwrap_err(),
        r#"ConditionalCheckFailedException,"Item":{"pk":{"S":"a"},"sk":{"S":"event"},"n":{"N":"1"}}"#
    );
    assert_eq!(tables.counts()["t"], 1);
}

#[test]
fn a_condition_on_something_else_than_the_key_holds() {
    let tables = Tables::default();
    let put = r#"{"TableName":"t","Item":{"pk":{"S":"a"}},"ConditionExpression":"attribute_not_exists(at) OR at <= :at"}"#;
    for _ in 0..2 {
        assert_eq!(call(&tables, "PutItem", put).unwrap(), "{}");
    }
}

#[test]
fn the_key_may_be_called_id_and_be_named_outright() {
    let tables = Tables::default();
    let put = r#"{"TableName":"t","Item":{"id":{"S":"a"}},"ConditionExpression":"attribute_not_exists(id)"}"#;
    assert!(call(&tables, "PutItem", put).is_ok());
    assert_eq!(
        call(&tables, "PutItem", put).unwrap_err(),
        "ConditionalCheckFailedException"
    );
}

#[test]
fn an_update_sets_what_it_names_and_a_read_sees_it() {
    let tables = Tables::default();
    let update = r##"{"TableName":"t","Key":{"id":{"S":"a"}},"UpdateExpression":"SET #s = :s, #d = :d",
        "ExpressionAttributeNames":{"#s":"status","#d":"data"},
        "ExpressionAttributeValues":{":s":{"S":"COMPLETED"},":d":{"S":"x"}}}"##;
    call(&tables, "UpdateItem", update).unwrap();
    let read = r#"{"TableName":"t","Key":{"id":{"S":"a"}}}"#;
    let found: serde_json::Value =
        serde_json::from_str(&call(&tables, "GetItem", read).unwrap()).unwrap();
    assert_eq!(found["Item"]["status"]["S"], "COMPLETED");
    assert_eq!(found["Item"]["data"]["S"], "x");
}

#[test]
fn a_partition_is_found_whole() {
    let tables = Tables::default();
    call(&tables, "PutItem", PUT).unwrap();
    call(&tables, "PutItem", &PUT.replace("event", "work")).unwrap();
    let query = r#"{"TableName":"t","ExpressionAttributeValues":{":pk":{"S":"a"}}}"#;
    let found = call(&tables, "Query", query).unwrap();
    assert!(found.ends_with(r#""Count":2,"ScannedCount":2}"#), "{found}");
}

#[test]
fn the_index_has_a_shards_events_in_the_order_of_time_page_by_page() {
    let tables = Tables::default();
    let put = |pk: &str, shard: &str, at: u64| {
        let item = format!(
            r#"{{"TableName":"t","Item":{{"pk":{{"S":"{pk}"}},"sk":{{"S":"event"}},"shard":{{"S":"{shard}"}},"at":{{"N":"{at}"}}}}}}"#
        );
        call(&tables, "PutItem", &item).unwrap();
    };
    for (pk, shard, at) in [
        ("c", "0", 30),
        ("a", "0", 9),
        ("b", "0", 30),
        ("other", "1", 10),
        ("young", "0", 31),
    ] {
        put(pk, shard, at);
    }
    // Without a shard it isn't in the index.
    call(&tables, "PutItem", &PUT.replace(r#""a""#, r#""none""#)).unwrap();
    let query = |rest: &str| {
        let query = format!(
            r##"{{"TableName":"t","IndexName":"i","KeyConditionExpression":"#shard = :shard AND #at <= :until",
            "ExpressionAttributeValues":{{":shard":{{"S":"0"}},":until":{{"N":"30"}}}}{rest}}}"##
        );
        let found = call(&tables, "Query", &query).unwrap();
        let found: serde_json::Value = serde_json::from_str(&found).unwrap();
        let keys = found["Items"].as_array().unwrap().iter();
        let keys = keys.map(|item| item["pk"]["S"].as_str().unwrap().to_owned());
        keys.collect::<Vec<_>>()
    };
    assert_eq!(query(""), ["a", "b", "c"]);
    assert_eq!(query(r#","Limit":2"#), ["a", "b"]);
    let start = r#","ExclusiveStartKey":{"pk":{"S":"b"},"sk":{"S":"event"},"shard":{"S":"0"},"at":{"N":"30"}}"#;
    assert_eq!(query(start), ["c"]);
    assert_eq!(
        call(&Tables::default(), "Query", r#"{"TableName":"t","IndexName":"i","ExpressionAttributeValues":{":s":{"S":"0"},":u":{"N":"1"}}}"#).unwrap(),
        r#"{"Items":[],"Count":0,"ScannedCount":0}"#
    );
}

#[test]
fn what_nobody_asks_is_not_there() {
    assert!(Tables::default().call("Scan", b"{}").is_none());
}
