use super::*;

fn text(text: &str) -> Found {
    Found::Text(text.into())
}

fn number(text: &str) -> Found {
    Found::Number(text.into())
}

#[test]
fn strings_are_decoded_and_numbers_stay_as_written() {
    assert_eq!(find(br#" { "a" : "\u0041\n\"" } "#, "a"), text("A\n\""));
    for written in ["1", "-0.10", "1e999", "123456789012345678901234567890"] {
        let body = format!(r#"{{"a": {written} }}"#);
        assert_eq!(find(body.as_bytes(), "a"), number(written));
    }
    assert_eq!(find(br#"{"a":{"b":{"c":"x"}},"b":1}"#, "a.b.c"), text("x"));
    assert_eq!(find(br#"{"\u0061":"x"}"#, "a"), text("x"));
}

#[test]
fn what_is_not_there_is_absent() {
    for body in [
        "{}",
        "[]",
        "1",
        r#""a""#,
        r#"{"b":{"a":1}}"#,
        r#"{"A":1}"#,
        "[{\"a\":1}]",
    ] {
        assert_eq!(find(body.as_bytes(), "a"), Found::Absent, "{body}");
    }
    for body in [
        r#"{"a":"text"}"#,
        r#"{"a":null}"#,
        r#"{"a":[{"b":1}]}"#,
        r#"{"a":{}}"#,
    ] {
        assert_eq!(find(body.as_bytes(), "a.b"), Found::Absent, "{body}");
    }
}

#[test]
fn what_could_be_read_in_two_ways_is_not_read() {
    for body in [
        &br#"{"a":"x","a":"x"}"#[..],
        br#"{"a":"x","\u0061":"y"}"#,
        br#"{"a":true}"#,
        br#"{"a":null}"#,
        br#"{"a":{}}"#,
        br#"{"a":[]}"#,
        br#"{"a":"\ud800"}"#,
        br#"{"a":"x"} {}"#,
        br#"{"a":"x""#,
        br#"{"a":"x",}"#,
        b"\xef\xbb\xbf{\"a\":\"x\"}",
        b"{\"a\":\"\xff\"}",
        b"{\"a\":\"x\",\"b\":\"\xff\"}",
        b"{'a':'x'}",
        b"{\"a\":01}",
        b"",
        b"nonsense",
        b"[",
    ] {
        assert!(
            matches!(find(body, "a"), Found::Unusable(_)),
            "{}",
            body.escape_ascii()
        );
    }
    assert!(matches!(
        find(br#"{"a":{"b":1},"a":{"b":1}}"#, "a.b"),
        Found::Unusable(_)
    ));
}

#[test]
fn members_are_counted_not_names() {
    for (body, one) in [
        (&br#"{"a":1}"#[..], true),
        (br#" {"a":{"b":1,"c":2}} "#, true),
        (b"{}", false),
        (br#"{"a":1,"b":2}"#, false),
        (br#"{"a":1,"a":1}"#, false),
        (br#"{"a":1}{}"#, false),
        (br#"{"a":1"#, false),
        (br#"["a"]"#, false),
        (b"", false),
    ] {
        assert_eq!(has_members(body, 1), one, "{}", body.escape_ascii());
    }
}

#[test]
fn a_duplicate_elsewhere_does_no_harm() {
    assert_eq!(
        find(br#"{"a":"x","b":1,"b":2,"c":{"a":1,"a":2}}"#, "a"),
        text("x")
    );
}

#[test]
fn every_element_of_a_list_is_looked_into() {
    let body = br#"{"v": [ {"c":"x"}, {"c":7}, {} ], "c":"y"}"#;
    let found = [text("x"), number("7"), Found::Absent];
    assert_eq!(find_all(body, "v.*.c"), found);
    assert_eq!(find_all(body, "c"), [text("y")]);
    assert_eq!(find_all(br#" [{"c":"x"}]"#, "*.c"), [text("x")]);
    for body in ["{}", "1", r#"{"v":[]}"#, r#"{"v":{}}"#, r#"{"v":"[]"}"#] {
        assert_eq!(find_all(body.as_bytes(), "v.*.c"), [], "{body}");
        assert_eq!(find_all(body.as_bytes(), "*.c"), [], "{body}");
    }
    for (body, path) in [
        ("[", "*.c"),
        ("[1,]", "*.c"),
        ("[1] 1", "*.c"),
        ("", "v.*.c"),
        (r#"{"v":[1]} 1"#, "v.*.c"),
        (r#"{"v":[1],"v":[1]}"#, "v.*.c"),
    ] {
        let found = find_all(body.as_bytes(), path);
        assert!(matches!(found[..], [Found::Unusable(_)]), "{body} {path}");
    }
}

fn listed<'a>(body: &'a str, path: &str) -> Option<Vec<&'a str>> {
    items(body.as_bytes(), path, 3)
}

#[test]
fn items_are_found_as_they_stand_there() {
    let body = "{\"a\": {\"b\" : [ {\"x\" : 1.0 },\n[ ] , \"\\u0041\" ]}, \"b\": [1]}";
    let found = vec!["{\"x\" : 1.0 }", "[ ]", "\"\\u0041\""];
    assert_eq!(listed(body, "a.b"), Some(found));
    assert_eq!(listed(" [1 , 2] ", ""), Some(vec!["1", "2"]));
    assert_eq!(listed("[]", ""), Some(vec![]));
    assert_eq!(listed(r#"{"a":[]}"#, "a"), Some(vec![]));
    assert_eq!(listed(r#"{"\u0061":[7]}"#, "a"), Some(vec!["7"]));
}

#[test]
fn what_is_no_single_array_has_no_items() {
    for (body, path) in [
        ("", ""),
        ("1", ""),
        ("{}", ""),
        ("[1", ""),
        ("[1,]", ""),
        ("[1] [2]", ""),
        ("[1,2,3,4]", ""),
        ("[1]", "a"),
        ("{}", "a"),
        (r#"{"a":{}}"#, "a"),
        (r#"{"a":"[1]"}"#, "a"),
        (r#"{"a":null}"#, "a"),
        (r#"{"a":[1],"a":[1]}"#, "a"),
        (r#"{"a":[1],"\u0061":[1]}"#, "a"),
        (r#"{"a":{"b":[1]},"a":{"b":[1]}}"#, "a.b"),
        (r#"{"a":[1]} x"#, "a"),
        (r#"{"a":[{"b":[1]}]}"#, "a.b"),
    ] {
        assert_eq!(listed(body, path), None, "{body} {path}");
    }
    assert_eq!(items(b"[\"\xff\"]", "", 3), None);
    assert_eq!(items(b"\xef\xbb\xbf[]", "", 3), None);
}

#[test]
fn depth_costs_neither_stack_nor_time() {
    const SIZE: usize = 4 * 1024 * 1024;
    for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
        let body = open.repeat(SIZE / open.len());
        assert!(matches!(find(body.as_bytes(), "a.a.a"), Found::Unusable(_)));
    }
    let deep = format!(
        r#"{{"b":{}{},"a":"x"}}"#,
        "[".repeat(SIZE / 2),
        "]".repeat(SIZE / 2)
    );
    assert_eq!(find(deep.as_bytes(), "a"), text("x"));
    let item = format!("{}{}", "[".repeat(SIZE / 2), "]".repeat(SIZE / 2));
    let body = format!(r#"{{"a":[1,{item}]}}"#);
    assert_eq!(items(body.as_bytes(), "a", 3), Some(vec!["1", &item]));
    let endless = format!("[{}1]", "1,".repeat(SIZE / 2));
    assert_eq!(items(endless.as_bytes(), "", 3), None);
    let wide = format!(r#"{{{}"a":"x"}}"#, r#""b":0,"#.repeat(SIZE / 6));
    assert_eq!(find(wide.as_bytes(), "a"), text("x"));
}
