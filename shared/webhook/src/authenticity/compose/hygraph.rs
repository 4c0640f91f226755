//! Hygraph: <https://hygraph.com/docs/api-reference/basics/webhooks#signing-a-webhook>, and `verifyWebhookSignature` of
//! its library `hygraph-utils`.

use catalogue::Scheme;

use crate::{
    reading::{delivery::Delivery, extract},
    refusal::Refusal,
};

/// JSON as JavaScript writes it: the body as a text, the environment of the signature's header, and its time.
pub(super) fn message(
    scheme: &Scheme,
    delivery: &Delivery<'_>,
    timestamp: &str,
) -> Result<String, Refusal> {
    let header = extract::required(scheme.signature.place, delivery)?;
    let field = scheme.signature.after(&["env="]);
    let mut environments = extract::entries(&field, &header);
    let (Some(environment), None) = (environments.next(), environments.next()) else {
        return Err(Refusal::malformed(
            "the signature names not one environment",
        ));
    };
    let body = std::str::from_utf8(delivery.body)
        .map_err(|_| Refusal::malformed("the body, which is signed as a text, is none"))?;
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    Ok(format!(
        r#"{{"Body":{},"EnvironmentName":{},"TimeStamp":{timestamp}}}"#,
        quoted(body),
        quoted(environment)
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;
    use catalogue::Field;

    #[test]
    fn the_body_is_a_text_of_the_signed_json() {
        let scheme = Scheme {
            signature: Field::header("gcms-signature").split(',').after(&["sign="]),
            ..Scheme::PLAIN
        };
        let of = |value: &str, body: &[u8]| {
            let headers: Headers = [("gcms-signature", value)].into_iter().collect();
            let delivery = Delivery {
                method: "POST",
                path: "/webhooks/x",
                query: "",
                url: "",
                headers: &headers,
                body,
            };
            message(&scheme, &delivery, "7").ok()
        };
        // What `JSON.stringify` of JavaScript writes of the same texts.
        assert_eq!(
            of("sign=s, env=a\"b, t=7", b"{\"a\":\"\\n\x01\xe2\x80\xa8/\"}").unwrap(),
            "{\"Body\":\"{\\\"a\\\":\\\"\\\\n\\u0001\u{2028}/\\\"}\",\"EnvironmentName\":\"a\\\"b\",\"TimeStamp\":7}"
        );
        assert_eq!(of("sign=s, t=7", b"{}"), None);
        assert_eq!(of("sign=s, env=a, env=b, t=7", b"{}"), None);
        assert_eq!(of("sign=s, env=a, t=7", b"\xff"), None);
    }
}
