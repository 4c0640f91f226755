//! Deliveries that carry several events.

use super::*;
use crate::{Batch, Template};

#[test]
fn a_source_says_how_its_deliveries_are_taken_apart() {
    let batch = |line: &str| one(&acme_with(line)).batch;
    assert_eq!(batch("tries = 1"), None);
    assert_eq!(
        batch(
            r#"batch = { items = "data.events", item_id = "{json:id}-{json:n}", item_type = "{json:type}" }"#
        ),
        Some(Batch {
            items: "data.events",
            item_id: Some(Template::new("{json:id}-{json:n}")),
            item_type: Some(Template::new("{json:type}")),
        })
    );
    assert_eq!(
        batch(r#"batch = { items = "" }"#),
        Some(Batch {
            items: "",
            item_id: None,
            item_type: None,
        })
    );
}

#[test]
fn a_batch_that_could_not_be_taken_apart_is_a_fault() {
    for (line, wrong, mend) in [
        (r"batch = true", "not a table", "items = \"events\""),
        (r"batch = {}", "has no `items`", "items = \"\""),
        (r#"batch = { items = "a..b" }"#, "no path", "data.events"),
        (r#"batch = { items = "a|b" }"#, "no path", "data.events"),
        (r"batch = { items = 1 }", "not a text", "items = \"…\""),
        (r#"batch = { item = "a" }"#, "unknown key `item`", "items"),
        (
            r#"batch = { items = "a", item_id = "{header:X-Id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_id = "{form:id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_id = "one" }"#,
            "same for every event",
            "{json:id}",
        ),
        (
            r#"batch = { items = "a", item_type = "{body}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"batch = { items = "a", item_type = "" }"#,
            "is empty",
            "leave the key out",
        ),
    ] {
        fault(&acme_with(line), 2, wrong, mend);
    }
}
