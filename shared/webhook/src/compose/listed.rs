//! Schemes that sign the headers which the delivery lists.

use catalogue::{Code, Place, Scheme};

use crate::{
    delivery::Delivery,
    extract,
    refusal::{Reason, Refusal},
};

use super::{malformed, signature, text, truelayer};

/// The names of the headers that an authentic delivery lists as signed.
pub(super) fn names(code: Code, scheme: &Scheme, delivery: &Delivery<'_>) -> Vec<String> {
    let list = match code {
        Code::Contentful => text(SIGNED_HEADERS, delivery).ok(),
        Code::Hook0 => hook0_list(scheme, delivery).ok(),
        Code::Truelayer => {
            (signature(scheme, delivery).ok()).and_then(|token| truelayer::listed(&token).ok())
        }
        _ => None,
    };
    let list = list.unwrap_or_default();
    let names = list.split([',', ' ']).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

const SIGNED_HEADERS: Place = Place::Header("x-contentful-signed-headers");

/// Contentful: the listed headers as `name:value`, joined by `;`.
/// <https://www.contentful.com/developers/docs/webhooks/request-verification/>
pub(super) fn contentful(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let list = text(SIGNED_HEADERS, delivery)?;
    let mut headers = Vec::new();
    for name in list.split(',').map(str::trim) {
        let name = name.to_ascii_lowercase();
        headers.push(format!("{name}:{}", value(&name, delivery)?));
    }
    // The time is only worth something if it is among them.
    if !list
        .split(',')
        .any(|name| name.trim().eq_ignore_ascii_case("x-contentful-timestamp"))
    {
        return Err(malformed("the time is not among the signed headers"));
    }
    Ok(headers.join(";"))
}

/// Hook0, version 1: the time, the list itself, the values of the headers in it, a dot behind each. The
/// body follows. <https://documentation.hook0.com/how-to-guides/secure-webhook-endpoints>
pub(super) fn hook0(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: &str,
) -> Result<String, Refusal> {
    let list = hook0_list(scheme, delivery)?;
    let mut values = Vec::new();
    for name in list.split_ascii_whitespace() {
        values.push(value(name, delivery)?);
    }
    Ok(format!("{timestamp}.{list}.{}.", values.join(".")))
}

fn hook0_list(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let field = scheme.signature.after(&["h="]);
    let header = text(field.place, delivery)?;
    extract::entries(&field, &header)
        .next()
        .map(str::to_owned)
        .ok_or_else(|| malformed("the signature lists no headers"))
}

fn value<'d>(name: &str, delivery: &Delivery<'d>) -> Result<&'d str, Refusal> {
    delivery.headers.get(name).ok_or_else(|| {
        Refusal::new(
            Reason::Missing,
            "a header that is listed as signed is absent or empty",
        )
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::delivery::Headers;

    fn delivery(headers: &Headers) -> Delivery<'_> {
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
