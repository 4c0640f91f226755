//! A JSON Web Signature whose payload is the body, and isn't sent in the token: RFC 7515, appendix F.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use crate::{reading::jws, refusal::Refusal};

/// The token's header, a dot and the payload: the body in base64url, or as it is where the header has `"b64": false`
/// and says that this must be understood (RFC 7797, sections 3 and 6).
pub(super) fn message(token: &str, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let parts = jws::parts(token)?;
    if !parts.payload.is_empty() {
        return Err(Refusal::malformed("the token has a payload of its own"));
    }
    let header = jws::object(parts.header)?;
    let names_it = |critical: &Value| match critical {
        Value::Array(names) => names.iter().any(|name| name == "b64"),
        _ => false,
    };
    let is_critical = header.get("crit").is_some_and(names_it);
    let mut message = format!("{}.", parts.header).into_bytes();
    match (header.get("b64"), is_critical) {
        (None, false) | (Some(Value::Bool(true)), _) => {
            message.extend(URL_SAFE_NO_PAD.encode(body).bytes());
        }
        (Some(Value::Bool(false)), true) => message.extend_from_slice(body),
        _ => {
            return Err(Refusal::malformed(
                "the token doesn't say clearly how its payload is written",
            ));
        }
    }
    Ok(message)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// RFC 7797, section 4.1: the protected header of the control with the payload encoded, and of the example of
    /// section 4.2, whose payload isn't.
    const ENCODED: &str = "eyJhbGciOiJIUzI1NiJ9";
    const UNENCODED: &str = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19";

    #[test]
    fn the_payload_is_written_as_the_header_says() {
        let message = |header| message(&format!("{header}..sig"), b"$.02").unwrap();
        assert_eq!(message(ENCODED), format!("{ENCODED}.JC4wMg").into_bytes());
        assert_eq!(message(UNENCODED), format!("{UNENCODED}.$.02").into_bytes());
    }

    #[test]
    fn a_token_that_says_two_things_is_refused() {
        for header in [
            r#"{"b64":false}"#,
            r#"{"b64":false,"crit":[]}"#,
            r#"{"b64":false,"crit":"b64"}"#,
            r#"{"crit":["b64"]}"#,
            r#"{"b64":"false","crit":["b64"]}"#,
            r"[]",
        ] {
            let token = format!("{}..sig", URL_SAFE_NO_PAD.encode(header));
            assert!(message(&token, b"a").is_err(), "{header}");
        }
        assert!(message(&format!("{ENCODED}.JC4wMg.sig"), b"$.02").is_err());
    }
}
