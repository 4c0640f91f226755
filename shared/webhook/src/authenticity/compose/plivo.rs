//! Plivo, version 3: <https://www.plivo.com/docs/voice/concepts/signature-validation>

use catalogue::Place;

use crate::{
    reading::{delivery::Delivery, extract, form},
    refusal::Refusal,
};

/// The URL, its sorted query, the sorted parameters of the body, and the nonce. Where a body has
/// parameters a dot stands before them, after a query as after the bare question mark.
pub(super) fn message(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let nonce = extract::required(Place::Header("X-Plivo-Signature-V3-Nonce"), delivery)?;
    if nonce.contains('.') {
        return Err(Refusal::malformed(
            "the nonce has a dot, which stands before it",
        ));
    }
    let post = delivery.method != "GET";
    let parameters = if post {
        sorted(delivery.body)?
    } else {
        Vec::new()
    };
    let query = sorted(delivery.query.as_bytes())?;
    let mut message = delivery.url_without_query().to_owned();
    if !query.is_empty() || !parameters.is_empty() {
        message.push('?');
    }
    let pairs: Vec<_> = query.iter().map(|(n, v)| format!("{n}={v}")).collect();
    message.push_str(&pairs.join("&"));
    if !query.is_empty() && !parameters.is_empty() {
        message.push('.');
    }
    for (name, value) in &parameters {
        message.push_str(name);
        message.push_str(value);
    }
    Ok(format!("{message}.{nonce}"))
}

fn sorted(encoded: &[u8]) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs =
        form::text_pairs(encoded).ok_or_else(|| Refusal::malformed("a parameter is not UTF-8"))?;
    pairs.sort();
    Ok(pairs)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    fn of(method: &str, query: &str, body: &str) -> String {
        with_nonce("n", method, query, body).unwrap()
    }

    fn with_nonce(nonce: &str, method: &str, query: &str, body: &str) -> Result<String, Refusal> {
        let headers: Headers = [("X-Plivo-Signature-V3-Nonce", nonce)]
            .into_iter()
            .collect();
        let url = match query {
            "" => "https://answer.url".to_owned(),
            query => format!("https://answer.url?{query}"),
        };
        message(&Delivery {
            method,
            path: "",
            query,
            url: &url,
            headers: &headers,
            body: body.as_bytes(),
        })
    }

    #[test]
    fn a_nonce_takes_no_parameter_in() {
        assert!(with_nonce("n", "POST", "", "a=2.n").is_ok());
        assert!(with_nonce("n.n", "POST", "", "a=2").is_err());
    }

    #[test]
    fn url_query_and_parameters_are_glued() {
        assert_eq!(of("POST", "", ""), "https://answer.url.n");
        assert_eq!(of("GET", "b=2&a=1", "x=1"), "https://answer.url?a=1&b=2.n");
        assert_eq!(of("POST", "", "b=2&a=x+y"), "https://answer.url?ax yb2.n");
        assert_eq!(
            of("POST", "q=1", "a=3&a=2"),
            "https://answer.url?q=1.a2a3.n"
        );
    }
}
