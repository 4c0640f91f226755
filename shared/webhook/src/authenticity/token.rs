//! JSON Web Tokens: what their header and their claims must say. The signature itself is checked like
//! any other, over the first two parts.

use catalogue::{Claims, Code, Piece, Scheme, Template, Tolerance, Unit};
use protocol::time::UnixMillis;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::{
    authenticity::timestamp::Sent,
    reading::{delivery::Delivery, encoding, extract, form, jws},
    refusal::Refusal,
};

/// Whether this token may prove this delivery, its signature aside.
pub(crate) fn check(
    scheme: &Scheme,
    token: &str,
    delivery: &Delivery<'_>,
    now: UnixMillis,
) -> Result<(), Refusal> {
    let parts = jws::parts(token)?;
    let header = jws::object(parts.header)?;
    // The token must not choose what it is verified by, and extensions that must be understood aren't.
    let named = header.get("alg").and_then(Value::as_str);
    let may_extend = scheme.message.contains(Piece::Code(Code::JwsDetached));
    let extends = match header.get("crit") {
        Some(Value::Array(list)) if may_extend => list.iter().any(|one| *one != "b64"),
        critical => critical.is_some(),
    };
    if named.is_none() || named != scheme.algorithm.jws_name() || extends {
        return Err(Refusal::malformed(
            "the token is not signed with the scheme's algorithm",
        ));
    }
    let Some(claims) = scheme.claims else {
        return Ok(());
    };
    let said = jws::object(parts.payload)?;
    times(claims, &said, now)?;
    if let Some((name, encoding)) = claims.body_digest {
        let digest = text(&said, name)?;
        if encoding::decode(encoding, digest).as_deref() != Some(&Sha256::digest(delivery.body)[..])
        {
            return Err(Refusal::forged("the token is for another body"));
        }
    }
    if let Some((name, encoding)) = claims.url_digest
        && encoding::decode(encoding, text(&said, name)?).as_deref()
            != Some(&Sha256::digest(delivery.url)[..])
    {
        return Err(Refusal::forged("the token is for another URL"));
    }
    if let Some(name) = claims.request_digest
        && text(&said, name)? != request_digest(delivery)
    {
        return Err(Refusal::forged("the token is for another request"));
    }
    if let Some(name) = claims
        .required
        .iter()
        .find(|name| !said.contains_key(**name))
    {
        return Err(absent(name));
    }
    for (name, template) in claims.equal {
        let expected = render(*template, delivery)?;
        if !says(said.get(*name), &expected) {
            return Err(Refusal::forged(format!(
                "the claim `{name}` is not this source's"
            )));
        }
    }
    Ok(())
}

fn times(claims: &Claims, said: &Map<String, Value>, now: UnixMillis) -> Result<(), Refusal> {
    let time = |name: &str| match said.get(name) {
        Some(Value::Number(number)) => {
            let text = number.to_string();
            let whole = text.split('.').next().unwrap_or_default();
            Sent::parse(whole, Unit::Seconds)
                .ok_or_else(|| Refusal::malformed(format!("the claim `{name}` is no time")))
        }
        Some(_) => Err(Refusal::malformed(format!("the claim `{name}` is no time"))),
        None => Err(absent(name)),
    };
    if let Some(tolerance) = claims.issued
        && !time("iat")?.is_within(tolerance, now)
    {
        return Err(Refusal::stale(
            "the token was not issued within the tolerance",
        ));
    }
    if let Some(leeway) = claims.expires
        && !time("exp")?.is_within(Tolerance::past(leeway), now)
    {
        return Err(Refusal::stale("the token has expired"));
    }
    Ok(())
}

/// Claims that this delivery's token may make at `now`.
pub(crate) fn claims(
    wanted: &Claims,
    delivery: &Delivery<'_>,
    now: UnixMillis,
) -> Result<Map<String, Value>, Refusal> {
    let mut said = Map::new();
    for (name, template) in wanted.equal {
        said.insert((*name).into(), render(*template, delivery)?.into());
    }
    if let Some((name, encoding)) = wanted.body_digest {
        let digest = encoding::encode(encoding, &Sha256::digest(delivery.body));
        said.insert(name.into(), digest.into());
    }
    if let Some((name, encoding)) = wanted.url_digest {
        let digest = encoding::encode(encoding, &Sha256::digest(delivery.url));
        said.insert(name.into(), digest.into());
    }
    if let Some(name) = wanted.request_digest {
        said.insert(name.into(), request_digest(delivery).into());
    }
    let seconds = now.seconds().0;
    said.insert("iat".into(), seconds.into());
    said.insert("exp".into(), seconds.saturating_add(300).into());
    Ok(said)
}

/// Whether a claim is this text: a string, `true` or `false`, or a list that has it.
fn says(claim: Option<&Value>, expected: &str) -> bool {
    match claim {
        Some(Value::String(text)) => text == expected,
        Some(Value::Bool(truth)) => truth.to_string() == expected,
        Some(Value::Array(list)) => list.iter().any(|one| one.as_str() == Some(expected)),
        _ => false,
    }
}

fn text<'c>(said: &'c Map<String, Value>, name: &str) -> Result<&'c str, Refusal> {
    match said.get(name) {
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(Refusal::malformed(format!("the claim `{name}` is no text"))),
        None => Err(absent(name)),
    }
}

fn render(template: Template, delivery: &Delivery<'_>) -> Result<String, Refusal> {
    if template.is_body() {
        let body = String::from_utf8(delivery.body.to_vec());
        return body.map_err(|_| Refusal::malformed("the body, which is a claim, is no text"));
    }
    extract::rendered(template, delivery, None)
        .ok_or_else(|| Refusal::malformed("a text that a claim must have is not in the delivery"))
}

/// Atlassian's query string hash: SHA-256, in hex, of method, path and sorted query.
/// <https://developer.atlassian.com/cloud/jira/platform/understanding-jwt-for-connect-apps/>
pub(crate) fn request_digest(delivery: &Delivery<'_>) -> String {
    let path = delivery.path.trim_end_matches('/');
    let mut pairs = form::pairs(delivery.query.as_bytes());
    pairs.retain(|(name, _)| **name != *b"jwt");
    let mut pairs: Vec<(String, String)> = pairs
        .iter()
        .map(|(name, value)| (form::escape(name), form::escape(value)))
        .collect();
    pairs.sort();
    // Values of one name share it.
    let query: Vec<String> = pairs
        .chunk_by(|(one, _), (other, _)| one == other)
        .map(|same| {
            let values: Vec<&str> = same.iter().map(|(_, value)| value.as_str()).collect();
            format!("{}={}", same[0].0, values.join(","))
        })
        .collect();
    let path = if path.is_empty() { "/" } else { path };
    hex::encode(Sha256::digest(format!(
        "{}&{path}&{}",
        delivery.method,
        query.join("&")
    )))
}

fn absent(claim: &str) -> Refusal {
    Refusal::missing(format!("the claim `{claim}` is absent"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

    use super::*;
    use crate::{reading::delivery::Headers, refusal::Reason};

    fn part(json: &str) -> String {
        URL_SAFE_NO_PAD.encode(json)
    }

    fn verdict(header: &str, payload: &str, claims: &'static Claims) -> Option<Reason> {
        let scheme = Scheme {
            encoding: catalogue::Encoding::Jws,
            message: Template::new("{jws}"),
            claims: Some(claims),
            ..Scheme::PLAIN
        };
        let headers = Headers::default();
        let delivery = Delivery {
            method: "POST",
            path: "/webhooks/x",
            query: "",
            url: "https://example.com/webhooks/x",
            headers: &headers,
            body: b"body",
        };
        let token = format!("{}.{}.", part(header), part(payload));
        check(&scheme, &token, &delivery, UnixMillis(1_700_000_000_000))
            .err()
            .map(|refusal| refusal.reason)
    }

    const HS256: &str = r#"{"alg":"HS256"}"#;

    #[test]
    fn the_scheme_chooses_the_algorithm() {
        let claims = &Claims::NONE;
        assert_eq!(verdict(HS256, "{}", claims), None);
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"hs256"}"#,
            r#"{"alg":"ES256"}"#,
            r#"{"alg":["HS256"]}"#,
            r#"{"alg":"HS256","crit":["b64"]}"#,
            "{}",
            "[]",
            "",
        ] {
            assert_eq!(
                verdict(header, "{}", claims),
                Some(Reason::Malformed),
                "{header}"
            );
        }
    }

    #[test]
    fn times_are_held_against_the_clock() {
        const CLAIMS: Claims = Claims {
            issued: Some(Tolerance::both(300)),
            expires: Some(60),
            ..Claims::NONE
        };
        for (payload, expected) in [
            (r#"{"iat":1700000000,"exp":1700000001}"#, None),
            (r#"{"iat":1700000000.5,"exp":1699999940}"#, None),
            (
                r#"{"iat":1699999699,"exp":1700000001}"#,
                Some(Reason::Stale),
            ),
            (
                r#"{"iat":1700000301,"exp":1700000001}"#,
                Some(Reason::Stale),
            ),
            (
                r#"{"iat":1700000000,"exp":1699999939}"#,
                Some(Reason::Stale),
            ),
            (r#"{"iat":1700000000}"#, Some(Reason::Missing)),
            (r#"{"exp":1700000001}"#, Some(Reason::Missing)),
            (r#"{"iat":"1700000000","exp":1}"#, Some(Reason::Malformed)),
            (r#"{"iat":1e99,"exp":1700000001}"#, Some(Reason::Malformed)),
        ] {
            assert_eq!(verdict(HS256, payload, &CLAIMS), expected, "{payload}");
        }
    }

    const EQUAL: &[(&str, Template)] = &[
        ("aud", Template::new("{url}")),
        ("ok", Template::new("true")),
    ];

    #[test]
    fn claims_are_for_this_body_and_this_source() {
        const CLAIMS: Claims = Claims {
            body_digest: Some(("sha", catalogue::Encoding::Hex)),
            equal: EQUAL,
            ..Claims::NONE
        };
        let digest = hex::encode(Sha256::digest(b"body"));
        let url = "https://example.com/webhooks/x";
        for (payload, expected) in [
            (
                format!(r#"{{"sha":"{digest}","aud":"{url}","ok":true}}"#),
                None,
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":["a","{url}"],"ok":"true"}}"#),
                None,
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":["{url}"],"ok":true}}"#),
                None,
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":["a","{url}/"],"ok":true}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":[],"ok":true}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":"{url}/","ok":true}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"sha":"{digest}","aud":"{url}","ok":false}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"sha":"{digest}","ok":true}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"sha":"00","aud":"{url}","ok":true}}"#),
                Some(Reason::Forged),
            ),
            (
                format!(r#"{{"aud":"{url}","ok":true}}"#),
                Some(Reason::Missing),
            ),
            (
                format!(r#"{{"sha":1,"aud":"{url}","ok":true}}"#),
                Some(Reason::Malformed),
            ),
        ] {
            assert_eq!(verdict(HS256, &payload, &CLAIMS), expected, "{payload}");
        }
    }

    #[test]
    fn claims_that_are_required_are_there_whatever_they_say() {
        const CLAIMS: Claims = Claims {
            required: &["event_id", "type"],
            ..Claims::NONE
        };
        for (payload, expected) in [
            (r#"{"event_id":"e","type":"t"}"#, None),
            (r#"{"event_id":null,"type":[]}"#, None),
            (r#"{"event_id":"e"}"#, Some(Reason::Missing)),
            (r#"{"sub":"a user's","type":"t"}"#, Some(Reason::Missing)),
        ] {
            assert_eq!(verdict(HS256, payload, &CLAIMS), expected, "{payload}");
        }
    }

    #[test]
    fn a_request_has_one_digest() {
        let headers = Headers::default();
        let digest = |path, query| {
            request_digest(&Delivery {
                method: "POST",
                path,
                query,
                url: "",
                headers: &headers,
                body: b"",
            })
        };
        let of = |canonical: &str| hex::encode(Sha256::digest(canonical));
        assert_eq!(
            digest("/a/b/", "z=1&a=x%20y&a=b&jwt=t"),
            of("POST&/a/b&a=b,x%20y&z=1")
        );
        assert_eq!(digest("/", ""), of("POST&/&"));
        assert_eq!(
            digest("/a", "q=%e4%B8%ad+*~"),
            of("POST&/a&q=%E4%B8%AD%20%2A~")
        );
    }
}
