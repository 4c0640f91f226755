//! Schemes that sign the headers which the delivery lists.

use catalogue::Scheme;

use crate::{
    reading::{delivery::Delivery, listed},
    refusal::Refusal,
};

/// Contentful: the listed headers as `name:value`, joined by `;`.
/// <https://www.contentful.com/developers/docs/webhooks/request-verification/>
pub(super) fn contentful(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let list = listed::contentful(delivery)?;
    let mut headers = Vec::new();
    for name in list.split(',').map(str::trim) {
        let name = name.to_ascii_lowercase();
        let value = value(&name, delivery)?;
        if value.split(';').skip(1).any(is_like_a_header) {
            return Err(Refusal::malformed("a signed header reads like several"));
        }
        headers.push(format!("{name}:{value}"));
    }
    // The time is only worth something if it is among them.
    if !list
        .split(',')
        .any(|name| name.trim().eq_ignore_ascii_case("x-contentful-timestamp"))
    {
        return Err(Refusal::malformed(
            "the time is not among the signed headers",
        ));
    }
    Ok(headers.join(";"))
}

/// Whether a part of a value would be read as a header of its own, a name and a colon.
fn is_like_a_header(part: &str) -> bool {
    let is_of_names = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    part.split_once(':')
        .is_some_and(|(name, _)| !name.is_empty() && name.bytes().all(is_of_names))
}

/// Hook0, version 1: the time, the list itself, the values of the headers in it, a dot behind each. The
/// body follows. <https://documentation.hook0.com/how-to-guides/secure-webhook-endpoints>
pub(super) fn hook0(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: &str,
) -> Result<String, Refusal> {
    let list = listed::hook0(scheme, delivery)?;
    let mut values = Vec::new();
    for name in list.split_ascii_whitespace() {
        values.push((name, value(name, delivery)?));
    }
    if list.contains('.') || !are_apart(&values, delivery.body) {
        return Err(Refusal::malformed(
            "a signed header can't be told from what is signed beside it",
        ));
    }
    let values: Vec<&str> = values.into_iter().map(|(_, value)| value).collect();
    Ok(format!("{timestamp}.{list}.{}.", values.join(".")))
}

/// Whether values and body can be read in one way. A type of Hook0's has dots, `service.resource.verb`, and may
/// have them where JSON follows: the body then begins at the first bracket. A body of another form has nothing
/// in it that could be taken for that beginning, and no value before it has a dot.
fn are_apart(values: &[(&str, &str)], body: &[u8]) -> bool {
    let is_json = body.starts_with(b"{") || body.starts_with(b"[");
    let begins_within = || body.windows(2).any(|pair| pair == b".{" || pair == b".[");
    let is_one = |&(name, value): &(&str, &str)| {
        let may_have_dots = is_json && name.eq_ignore_ascii_case("x-event-type");
        !value.contains(['{', '[']) && (may_have_dots || !value.contains('.'))
    };
    (is_json || !begins_within()) && values.iter().all(is_one)
}

fn value<'d>(name: &str, delivery: &Delivery<'d>) -> Result<&'d str, Refusal> {
    delivery
        .headers
        .get(name)
        .ok_or_else(|| Refusal::missing("a header that is listed as signed is absent or empty"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    fn delivery<'a>(headers: &'a Headers<'a>) -> Delivery<'a> {
        Delivery {
            method: "POST",
            path: "/webhooks/x",
            query: "",
            url: "",
            headers,
            body: b"{}",
        }
    }

    #[test]
    fn contentful_signs_the_headers_that_it_lists() {
        let list = "x-contentful-signed-headers,X-Contentful-Timestamp";
        let headers: Headers = [
            ("X-Contentful-Signed-Headers", list),
            ("X-Contentful-Timestamp", "1"),
            ("Other", "2"),
        ]
        .into_iter()
        .collect();
        assert_eq!(
            contentful(&delivery(&headers)).unwrap(),
            format!("x-contentful-signed-headers:{list};x-contentful-timestamp:1")
        );
    }

    #[test]
    fn what_contentful_lists_is_read_in_one_way() {
        let of = |list: &str, more: &[(&str, &str)]| {
            let headers: Headers = ([
                ("x-contentful-signed-headers", list),
                ("x-contentful-timestamp", "1"),
            ])
            .into_iter()
            .chain(more.iter().copied())
            .collect();
            contentful(&delivery(&headers)).ok()
        };
        let one = of("a,b,x-contentful-timestamp", &[("a", "1"), ("b", "2")]);
        assert_eq!(one.unwrap(), "a:1;b:2;x-contentful-timestamp:1");
        let cut = of("a,x-contentful-timestamp", &[("a", "1;b:2")]);
        assert_eq!(cut, None);
        let charset = of(
            "a,x-contentful-timestamp",
            &[("a", "text/x; charset=utf-8; at=12:00")],
        );
        assert!(charset.is_some());
    }

    #[test]
    fn what_hook0_lists_is_read_in_one_way() {
        let scheme = Scheme {
            signature: catalogue::Field::header("x-hook0-signature").split(','),
            ..Scheme::PLAIN
        };
        let of = |list: &str, id: &str, kind: &str, body: &str| {
            let list = format!("h={list}");
            let headers: Headers = [
                ("x-hook0-signature", list.as_str()),
                ("x-event-id", id),
                ("X-Event-Type", kind),
            ]
            .into_iter()
            .collect();
            let delivery = Delivery {
                body: body.as_bytes(),
                ..delivery(&headers)
            };
            hook0(&scheme, &delivery, "1").map(|text| text + body).ok()
        };
        let both = "x-event-id x-event-type";
        let whole = of(both, "e1", "user.account.created", r#"{"a":1}"#);
        assert_eq!(
            whole.unwrap(),
            r#"1.x-event-id x-event-type.e1.user.account.created.{"a":1}"#
        );
        // The same bytes under another id, another type, and with more or less as the body.
        for (id, kind, body) in [
            ("e1.user", "account.created", r#"{"a":1}"#),
            ("e1", "user", r#"account.created.{"a":1}"#),
            ("e1", "user.account", r#"created.{"a":1}"#),
        ] {
            assert_eq!(of(both, id, kind, body), None, "{id} {kind} {body}");
        }
        assert_eq!(of(both, "e1", r#"t.{"a":{"b"#, "[1]}}"), None);
        assert!(of(both, "e1", "t", "a text. And more.").is_some());
        assert_eq!(of(both, "e1", "t.a text", " And more."), None);
        assert_eq!(of("x-event-id.e1", "e1", "t", "{}"), None);
    }

    #[test]
    fn a_list_without_the_time_or_with_more_than_is_there_is_refused() {
        for list in ["x-contentful-timestamp,x-absent", "other", ""] {
            let headers: Headers = [
                ("x-contentful-signed-headers", list),
                ("x-contentful-timestamp", "1"),
                ("other", "2"),
            ]
            .into_iter()
            .collect();
            assert!(contentful(&delivery(&headers)).is_err(), "{list}");
        }
    }
}
