//! Deliveries that carry several events.

use super::*;
use crate::{Bundle, Template};

#[test]
fn a_source_says_how_its_deliveries_are_taken_apart() {
    let bundle = |line: &str| one(&acme_with(line)).bundle;
    assert_eq!(bundle("tries = 1"), None);
    assert_eq!(
        bundle(
            r#"bundle = { items = "data.events", item_id = "{json:id}-{json:n}", item_type = "{json:type}" }"#
        ),
        Some(&Bundle {
            items: "data.events",
            item_id: Some(Template::new("{json:id}-{json:n}")),
            item_type: Some(Template::new("{json:type}")),
        })
    );
    for (items, paths) in [
        ("a.b", ("a.b", None)),
        ("a.b>c.d", ("a.b", Some("c.d"))),
        (">c", ("", Some("c"))),
    ] {
        let found = bundle(&format!("bundle = {{ items = \"{items}\" }}"));
        assert_eq!(found.unwrap().paths(), paths, "{items}");
    }
    assert_eq!(
        bundle(r#"bundle = { items = "" }"#),
        Some(&Bundle {
            items: "",
            item_id: None,
            item_type: None,
        })
    );
}

#[test]
fn a_bundle_that_could_not_be_taken_apart_is_a_fault() {
    for (line, wrong, mend) in [
        (r"bundle = true", "not a table", "items = \"events\""),
        (r"bundle = {}", "has no `items`", "items = \"\""),
        (r#"bundle = { items = "a..b" }"#, "no path", "data.events"),
        (r#"bundle = { items = "a|b" }"#, "no path", "data.events"),
        (r#"bundle = { items = "a>" }"#, "no path", "entry>changes"),
        (
            r#"bundle = { items = "a>b>c" }"#,
            "no path",
            "entry>changes",
        ),
        (
            r#"bundle = { items = "a>b..c" }"#,
            "no path",
            "entry>changes",
        ),
        (r"bundle = { items = 1 }", "not a text", "items = \"…\""),
        (r#"bundle = { item = "a" }"#, "unknown key `item`", "items"),
        (
            r#"bundle = { items = "a", item_id = "{header:X-Id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"bundle = { items = "a", item_id = "{form:id}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"bundle = { items = "a", item_id = "one" }"#,
            "same for every event",
            "{json:id}",
        ),
        (
            r#"bundle = { items = "a", item_type = "{body}" }"#,
            "more than an item has",
            "{json:PATH}",
        ),
        (
            r#"bundle = { items = "a", item_type = "" }"#,
            "is empty",
            "leave the key out",
        ),
    ] {
        fault(&acme_with(line), 2, wrong, mend);
    }
}
