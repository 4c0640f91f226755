#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::testkit::Table;

#[test]
fn an_id_may_become_part_of_a_key() {
    for good in ["1", "evt_1#2", &"x".repeat(256)] {
        assert_eq!(id("id", good), Ok(good));
    }
    for bad in ["", "a b", "ž", "\u{0}", &"x".repeat(257)] {
        assert!(matches!(id("id", bad), Err(Failure::Permanent(_))), "{bad}");
    }
}

#[test]
fn a_failure_names_the_field_and_not_its_value() {
    let secret = "not for the log";
    for failure in [id("a", secret).unwrap_err(), word("b", secret).unwrap_err()] {
        assert!(!failure.to_string().contains(secret));
    }
}

#[test]
fn every_usual_way_to_write_a_time_is_read() {
    let context = Table::default().context();
    for value in [
        json!("2022-07-26T18:45:17.441Z"),
        json!("2022-07-26T20:45:17.441+02:00"),
        json!(1_658_861_117_441_i64),
    ] {
        let read = occurred_at("created_at", Some(&value), &context);
        assert_eq!(read, Ok(UnixMillis(1_658_861_117_441)), "{value}");
    }
    let seconds = occurred_at("created", Some(&json!(1_640_995_200)), &context);
    assert_eq!(seconds, Ok(UnixMillis(1_640_995_200_000)));
    assert_eq!(
        occurred_at("created", None, &context),
        Ok(context.received_at)
    );
}

#[test]
fn what_is_no_time_is_not_read_as_one() {
    for value in [
        json!("yesterday"),
        json!(""),
        json!(-1),
        json!(1.5),
        json!([]),
        json!(i64::MAX),
    ] {
        let read = occurred_at("created", Some(&value), &Table::default().context());
        assert!(matches!(read, Err(Failure::Permanent(_))), "{value}");
    }
}
