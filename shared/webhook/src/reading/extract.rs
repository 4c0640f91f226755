//! Takes single texts out of a delivery: the fields and templates of the table, interpreted.

use std::borrow::Cow;

use base64::Engine as _;
use catalogue::{Field, INTO, Piece, Place, QUOTE, Template, WHOLE};

use crate::{
    reading::{
        base64::{LENIENT, LENIENT_URL},
        delivery::Delivery,
        form,
        json::{self, Found},
        jws, structured,
    },
    refusal::Refusal,
};

/// Why there is no text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoText {
    /// Nothing stands there, or an empty text.
    Absent,
    /// What stands there can't be taken for a text; why.
    Unusable(&'static str),
}

/// The text at a place: of its alternatives the first that is there and not empty.
pub(crate) fn text<'a>(place: Place, delivery: &Delivery<'a>) -> Result<Cow<'a, str>, NoText> {
    for name in place.names() {
        if let Some(text) = alternative(place, name, delivery).map_err(NoText::Unusable)?
            && !text.is_empty()
        {
            return Ok(text);
        }
    }
    Err(NoText::Absent)
}

/// The text at a place, or the refusal of a delivery in which it isn't there or can't be read.
pub(crate) fn required<'a>(place: Place, delivery: &Delivery<'a>) -> Result<Cow<'a, str>, Refusal> {
    text(place, delivery).map_err(|why| refuse(why, &describe(place)))
}

/// The text at a place of a request that nothing signs: none that stands there twice, not even with one
/// value, for no provider asks like that.
pub(crate) fn text_said_once<'a>(place: Place, delivery: &Delivery<'a>) -> Option<Cow<'a, str>> {
    let encoded = match place {
        Place::Form(_) => delivery.body,
        Place::Query(_) => delivery.query.as_bytes(),
        Place::Header(_) | Place::Json(_) | Place::Jwt(_) => b"",
    };
    if (place.outer_names()).any(|name| form::count(encoded, name) > 1) {
        return None;
    }
    text(place, delivery).ok()
}

fn alternative<'a>(
    place: Place,
    name: &str,
    delivery: &Delivery<'a>,
) -> Result<Option<Cow<'a, str>>, &'static str> {
    match place {
        // No header is called so, and one that a stranger calls so is not meant.
        _ if name.contains(INTO) => inner(place, name, delivery),
        Place::Header(_) => Ok(delivery.headers.get(name).map(Cow::Borrowed)),
        Place::Json(_) => leaf(json::find(delivery.body, name)),
        Place::Form(_) => form::field(delivery.body, name),
        Place::Query(_) => form::find(delivery.query.as_bytes(), name),
        Place::Jwt(_) => in_token(delivery.body, name),
    }
}

/// The token that the body is, or a text of its claims.
fn in_token<'a>(body: &'a [u8], name: &str) -> Result<Option<Cow<'a, str>>, &'static str> {
    if body.is_empty() {
        return Ok(None);
    }
    let token = jws::text(body).ok_or(NO_TOKEN)?;
    if name == WHOLE {
        return Ok(Some(token.into()));
    }
    let claims = jws::payload(token).ok_or(NO_TOKEN)?;
    leaf(json::find(&claims, name))
}

const NO_TOKEN: &str = "the body is no JSON Web Token";

fn leaf<'a>(found: Found) -> Result<Option<Cow<'a, str>>, &'static str> {
    match found {
        Found::Absent => Ok(None),
        Found::Text(text) | Found::Number(text) => Ok(Some(text.into())),
        Found::Unusable(why) => Err(why),
    }
}

/// What stands at a path into the text at a place, `X-Signature>kid`: that is JSON, or JSON in base64 up to its first
/// dot, as in a token; or a structured field, of whose members the first that has a parameter of this name counts.
fn inner<'a>(
    place: Place,
    name: &str,
    delivery: &Delivery<'a>,
) -> Result<Option<Cow<'a, str>>, &'static str> {
    let Some((outer, path)) = name.split_once(INTO) else {
        return Ok(None);
    };
    let Some(text) = alternative(place, outer, delivery)? else {
        return Ok(None);
    };
    let is_json = text.trim_start().starts_with(['{', '[']);
    if !is_json && text.contains("=(") {
        let members = structured::members(&text).ok_or("it is no list of what is signed")?;
        let found = members.iter().find_map(|member| member.parameter(path));
        return Ok(found.map(|value| value.text().to_owned().into()));
    }
    let json = if is_json {
        Cow::Borrowed(text.as_bytes())
    } else {
        let encoded = text.split('.').next().unwrap_or_default();
        let decoded = LENIENT
            .decode(encoded)
            .or_else(|_| LENIENT_URL.decode(encoded));
        Cow::Owned(decoded.map_err(|_| "it is neither JSON nor JSON in base64")?)
    };
    leaf(json::find(&json, path))
}

/// Every text at a place: headers that are alternatives may be sent side by side, as for two secrets,
/// and the elements of a list have one each, of which none may be missing.
pub(crate) fn texts<'a>(
    place: Place,
    delivery: &Delivery<'a>,
) -> Result<Vec<Cow<'a, str>>, NoText> {
    let found: Vec<Cow<'a, str>> = match place {
        Place::Header(_) => place
            .names()
            .filter(|name| !name.contains(INTO))
            .flat_map(|name| match name.strip_suffix('*') {
                Some(stem) => delivery.headers.numbered(stem),
                None => delivery.headers.get(name).into_iter().collect(),
            })
            .map(Cow::Borrowed)
            .collect(),
        Place::Json(path) if path.contains('*') => json::find_all(delivery.body, path)
            .into_iter()
            .map(|found| match found {
                Found::Text(text) | Found::Number(text) if !text.is_empty() => Ok(Cow::Owned(text)),
                Found::Text(_) | Found::Number(_) | Found::Absent => Err(NoText::Absent),
                Found::Unusable(why) => Err(NoText::Unusable(why)),
            })
            .collect::<Result<_, _>>()?,
        _ => return text(place, delivery).map(|text| vec![text]),
    };
    if found.is_empty() {
        return text(place, delivery).map(|text| vec![text]);
    }
    Ok(found)
}

/// The groups of a field's text, each a list by itself; of a field without groups the whole text.
pub(crate) fn groups<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let blank = |group: &&str| !group.trim_matches([' ', '\t']).is_empty();
    separated(text, field.group).filter(blank)
}

fn separated(text: &str, separator: Option<char>) -> impl Iterator<Item = &str> {
    let (list, single) = match separator {
        Some(separator) => (Some(text.split(separator)), None),
        None => (None, Some(text)),
    };
    list.into_iter().flatten().chain(single)
}

/// The entries of a field's text that begin with one of its prefixes, without it. Others are skipped:
/// they are of a version that this scheme doesn't speak.
pub(crate) fn entries<'t>(field: &Field, text: &'t str) -> impl Iterator<Item = &'t str> {
    let Field {
        prefixes, split, ..
    } = *field;
    groups(field, text)
        .flat_map(move |group| separated(group, split))
        .filter_map(move |entry| {
            let entry = entry.trim_matches([' ', '\t']);
            prefixes
                .iter()
                .find_map(|prefix| without_prefix(entry, prefix))
        })
}

/// What follows a prefix; one that begins with `*` is anything up to what stands behind that. A quote at its end is
/// one of two: what follows ends with the other.
fn without_prefix<'t>(entry: &'t str, prefix: &str) -> Option<&'t str> {
    let text = match prefix.strip_prefix('*') {
        Some(end) if !end.is_empty() => entry.split_once(end).map(|(_, text)| text),
        _ => entry.strip_prefix(prefix),
    };
    if prefix.ends_with(QUOTE) {
        return text?.strip_suffix(QUOTE);
    }
    text
}

/// A template of texts, filled in. `None` if a part of it is missing, or is no text.
pub(crate) fn rendered(
    template: Template,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Option<String> {
    let mut filled = String::new();
    for piece in template.pieces() {
        match piece {
            Piece::Literal(literal) => filled.push_str(literal),
            Piece::Value(place) => filled.push_str(&text(place, delivery).ok()?),
            Piece::Timestamp => filled.push_str(timestamp?),
            Piece::Method => filled.push_str(delivery.method),
            Piece::Host => filled.push_str(delivery.host()),
            Piece::Path => filled.push_str(delivery.path),
            Piece::PathAndQuery => filled.push_str(delivery.path_and_query()),
            Piece::Url => filled.push_str(delivery.url),
            Piece::UrlWithoutQuery => filled.push_str(delivery.url_without_query()),
            Piece::Body | Piece::Code(_) => return None,
        }
    }
    Some(filled)
}

/// A template of an event's id, type or reference, filled in. `None` if any part of it is missing, or
/// if it names none: a text that is the same for every event says nothing.
pub(crate) fn fill(
    template: Template,
    delivery: &Delivery<'_>,
    timestamp: Option<&str>,
) -> Option<String> {
    // A well-formed template has a brace just where it has a placeholder.
    let is_constant = !template.text().contains('{');
    if is_constant {
        return None;
    }
    rendered(template, delivery, timestamp)
}

/// A place in words, for the operator.
pub(crate) fn describe(place: Place) -> String {
    let kind = match place {
        Place::Header(_) => "header",
        Place::Json(_) => "JSON field",
        Place::Form(_) => "form field",
        Place::Query(_) => "query parameter",
        Place::Jwt(WHOLE) => return "the token that the body is".into(),
        Place::Jwt(_) => "claim",
    };
    let names: Vec<_> = place.names().collect();
    format!("the {kind} `{}`", names.join("` or `"))
}

/// The refusal of a delivery in which something of this name is missing.
pub(crate) fn refuse(why: NoText, what: &str) -> Refusal {
    match why {
        NoText::Absent => Refusal::missing(format!("{what} is absent or empty")),
        NoText::Unusable(why) => Refusal::malformed(format!("{what} can't be read: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    fn delivery<'a>(headers: &'a Headers, body: &'a [u8]) -> Delivery<'a> {
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
        let found: Vec<_> =
            entries(&field, "keyid=\"k\", signature=\"a==\", signature=\"b").collect();
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
}
