use super::*;
use crate::reading::delivery::Headers;

fn delivery<'a>(headers: &'a Headers<'a>, body: &'a [u8]) -> Delivery<'a> {
    Delivery {
        method: "POST",
        path: "/webhooks/x",
        query: "a=1&b=&c=2&c=3",
        url: "https://example.com/webhooks/x?a=1",
        headers,
        body,
    }
}

#[test]
fn the_first_alternative_that_is_not_empty_counts() {
    let headers: Headers = [("X-B", "b"), ("X-A", " \t "), ("X-C", "c")]
        .into_iter()
        .collect();
    let sent = delivery(&headers, br#"{"b":"","c":7,"d":true}"#);
    assert_eq!(
        text(Place::Header("x-a|x-b|x-c"), &sent).as_deref(),
        Ok("b")
    );
    assert_eq!(text(Place::Header("x-a"), &sent), Err(NoText::Absent));
    assert_eq!(text(Place::Json("a|b|c|d"), &sent).as_deref(), Ok("7"));
    assert!(matches!(
        text(Place::Json("d|c"), &sent),
        Err(NoText::Unusable(_))
    ));
    assert_eq!(text(Place::Query("z|b|a"), &sent).as_deref(), Ok("1"));
    assert!(matches!(
        text(Place::Query("c"), &sent),
        Err(NoText::Unusable(_))
    ));
}

#[test]
fn a_path_may_lead_into_a_text() {
    let headers: Headers = [
        ("X-Json", r#"{"a":{"b":1}}"#),
        ("X-Base64", "eyJhIjoiPz8_In0="),
        ("X-Url", "eyJhIjoiPz8_In0"),
        ("X-Token", "eyJhIjoiPz8_In0.e30.sig"),
        ("X-Text", "%%"),
        ("X-Token>a", "not meant"),
        ("X-Input", r#"a=("b");c=1;d, e=("b");c=2;f="g""#),
    ]
    .into_iter()
    .collect();
    let sent = delivery(&headers, br#"{"p":"{\"a\":\"x\"}","n":{"a":1}}"#);
    let at = |place| text(place, &sent).ok();
    assert_eq!(at(Place::Header("x-json>a.b")).as_deref(), Some("1"));
    for name in ["x-base64>a", "x-url>a", "x-token>a", "x-none>a|x-token>a"] {
        assert_eq!(at(Place::Header(name)).as_deref(), Some("???"), "{name}");
        let all = texts(Place::Header(name), &sent);
        assert_eq!(all.map(|all| all.len()), Ok(1), "{name}");
    }
    assert_eq!(at(Place::Json("p>a")).as_deref(), Some("x"));
    for (name, expected) in [("x-input>c", "1"), ("x-input>f", "g")] {
        assert_eq!(at(Place::Header(name)).as_deref(), Some(expected));
    }
    assert_eq!(text(Place::Header("x-json>b"), &sent), Err(NoText::Absent));
    for place in [Place::Header("x-text>a"), Place::Json("n>a")] {
        assert!(matches!(text(place, &sent), Err(NoText::Unusable(_))));
    }
}

#[test]
fn a_prefix_is_read_not_skipped_by_its_length() {
    let field = Field::header("x").after(&["sha256="]);
    assert_eq!(entries(&field, "sha1=xyzabc").count(), 0);
    assert_eq!(entries(&field, "SHA256=abc").count(), 0);
    assert_eq!(entries(&field, "sha256").count(), 0);
    assert_eq!(entries(&field, "sha256=abc").collect::<Vec<_>>(), ["abc"]);
}

#[test]
fn lists_are_split_and_entries_trimmed() {
    let field = Field::header("x").split(',').after(&["v1="]);
    let found: Vec<_> = entries(&field, "t=1, v1=a ,\tv1=b,v0=c,,v1=,v1").collect();
    assert_eq!(found, ["a", "b", ""]);
    let optional = Field::header("x").after(&["sha256=", ""]);
    assert_eq!(entries(&optional, "sha256=a").collect::<Vec<_>>(), ["a"]);
    assert_eq!(entries(&optional, "a").collect::<Vec<_>>(), ["a"]);
}

#[test]
fn groups_are_lists_by_themselves() {
    let field = Field::header("x").grouped(' ').split(',').after(&["v1="]);
    let text = "t=1,v1=a,v1=b  t=2,v1=c ";
    assert_eq!(
        groups(&field, text).collect::<Vec<_>>(),
        ["t=1,v1=a,v1=b", "t=2,v1=c"]
    );
    assert_eq!(entries(&field, text).collect::<Vec<_>>(), ["a", "b", "c"]);
}

#[test]
fn a_body_may_be_a_token_and_nothing_beside_it() {
    let headers = Headers::default();
    // {"alg":"none"}, {"a":{"b":"x"},"n":7}
    let token = "eyJhbGciOiJub25lIn0.eyJhIjp7ImIiOiJ4In0sIm4iOjd9.c2ln";
    let at = |body: &'static str, name| {
        text(Place::Jwt(name), &delivery(&headers, body.as_bytes())).map(Cow::into_owned)
    };
    assert_eq!(at(token, WHOLE).as_deref(), Ok(token));
    assert_eq!(at(token, "a.b").as_deref(), Ok("x"));
    assert_eq!(at(token, "z|n").as_deref(), Ok("7"));
    assert_eq!(at(token, "alg"), Err(NoText::Absent));
    assert_eq!(at("", WHOLE), Err(NoText::Absent));
    for body in [
        "{\"a\":{\"b\":\"x\"}}",
        "eyJhbGciOiJub25lIn0.eyJhIjp7ImIiOiJ4In0sIm4iOjd9.c2ln\n",
        " eyJhbGciOiJub25lIn0.eyJhIjp7ImIiOiJ4In0sIm4iOjd9.c2ln",
        "eyJhbGciOiJub25lIn0.eyJhIjp7ImIiOiJ4In0sIm4iOjd9",
        "eyJhbGciOiJub25lIn0.eyJhIjp7ImIiOiJ4In0sIm4iOjd9.c2ln.c2ln",
        "eyJhbGciOiJub25lIn0.%%.c2ln",
        "..",
    ] {
        for name in [WHOLE, "a.b"] {
            let is_whole = name == WHOLE && body == "..";
            let found = at(body, name);
            assert!(
                is_whole || matches!(found, Err(NoText::Unusable(_))),
                "{body}"
            );
        }
    }
}

#[test]
fn what_stands_in_quotes_ends_with_one() {
    let field = Field::header("x").split(',').after(&["signature=\""]);
    let found: Vec<_> = entries(&field, "keyid=\"k\", signature=\"a==\", signature=\"b").collect();
    assert_eq!(found, ["a=="]);
}

#[test]
fn a_prefix_may_be_anything_up_to_a_text() {
    let field = Field::header("x").split('&').after(&["*|"]);
    let found: Vec<_> = entries(&field, "key|a&other|b|c&none&|d").collect();
    assert_eq!(found, ["a", "b|c", "d"]);
    let literal = Field::header("x").after(&["*"]);
    assert_eq!(entries(&literal, "*a").collect::<Vec<_>>(), ["a"]);
    assert_eq!(entries(&literal, "a").count(), 0);
}

#[test]
fn a_template_is_filled_whole_or_not_at_all() {
    let headers = Headers::default();
    let sent = delivery(&headers, br#"{"a":"x","b":2,"c":""}"#);
    let fill = |text| fill(Template::new(text), &sent, Some("9"));
    assert_eq!(fill("{json:a}-{json:b}").as_deref(), Some("x-2"));
    assert_eq!(fill("{timestamp}{method}").as_deref(), Some("9POST"));
    assert_eq!(fill("{json:a}-{json:c}"), None);
    assert_eq!(fill("{json:a}-{json:d}"), None);
    assert_eq!(fill("{json:a}-{body}"), None);
    assert_eq!(fill("constant"), None);
}
