//! Adyen's payment notifications: <https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures/>

use crate::{
    reading::{
        delivery::Delivery,
        extract::refuse,
        json::{self, Found},
    },
    refusal::Refusal,
};

/// What is signed, in this order; what is missing is empty.
const FIELDS: [&str; 8] = [
    "pspReference",
    "originalReference",
    "merchantAccountCode",
    "merchantReference",
    "amount.value",
    "amount.currency",
    "eventCode",
    "success",
];

/// The eight fields of the one item, joined by colons. Each item has a signature of its own, and only
/// one is checked: a delivery with more is refused rather than believed.
pub(super) fn message(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    let unreadable = |_| Refusal::malformed("the body is no readable JSON");
    let item = match json::elements(delivery.body, "notificationItems").map_err(unreadable)? {
        None => "",
        Some(items) if items.len() == 1 => "notificationItems.0.NotificationRequestItem.",
        Some(_) => return Err(Refusal::malformed("there is not exactly one notification")),
    };
    let mut texts = Vec::new();
    for field in FIELDS {
        let path = format!("{item}{field}");
        texts.push(match json::find(delivery.body, &path) {
            Found::Text(text) | Found::Number(text) => text,
            Found::Absent => String::new(),
            Found::Unusable(why) => {
                let why = crate::reading::extract::NoText::Unusable(why);
                return Err(refuse(why, &format!("the JSON field `{path}`")));
            }
        });
    }
    // Of a report the first field is the name of a file, with a time in it.
    let free = if texts[6] == "REPORT_AVAILABLE" {
        "pspReference"
    } else {
        "merchantReference"
    };
    if !(texts.iter().zip(FIELDS)).all(|(text, field)| field == free || fits(field, text)) {
        return Err(Refusal::malformed(
            "a field of the notification can't be told from its neighbours",
        ));
    }
    Ok(texts.join(":"))
}

/// Whether a field looks as it should. Only one may have colons, the merchant's reference or the name of a
/// report: it is what is left between the others, so that what is signed can be read in one way.
fn fits(field: &str, text: &str) -> bool {
    let all = |is: fn(u8) -> bool| text.bytes().all(is);
    match field {
        "amount.value" => all(|b| b.is_ascii_digit() || b == b'-'),
        "amount.currency" => text.is_empty() || text.len() == 3 && all(|b| b.is_ascii_uppercase()),
        "eventCode" => all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'),
        "success" => matches!(text, "true" | "false" | ""),
        _ => !text.contains(':'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    fn of(body: &str) -> Option<String> {
        let headers = Headers::default();
        message(&Delivery {
            method: "POST",
            path: "",
            query: "",
            url: "",
            headers: &headers,
            body: body.as_bytes(),
        })
        .ok()
    }

    #[test]
    fn the_fields_of_the_one_item_are_joined() {
        let item = r#"{"pspReference":"p","amount":{"value":10,"currency":"EUR"},"eventCode":"AUTHORISATION","success":"true"}"#;
        let joined = Some("p::::10:EUR:AUTHORISATION:true".to_owned());
        assert_eq!(of(item), joined);
        let wrapped = |items: &str| format!(r#"{{"live":"false","notificationItems":[{items}]}}"#);
        let one = format!(r#"{{"NotificationRequestItem":{item}}}"#);
        assert_eq!(of(&wrapped(&one)), joined);
        assert_eq!(of(&wrapped(&format!("{one},{one}"))), None);
        assert_eq!(of(&wrapped("")), None);
    }

    #[test]
    fn what_is_signed_can_be_read_in_one_way() {
        let item = |psp: &str, reference: &str, value: &str, code: &str, success: &str| {
            of(&format!(
                r#"{{"pspReference":"{psp}","merchantAccountCode":"Acct","merchantReference":"{reference}",
                    "amount":{{"value":{value},"currency":"EUR"}},"eventCode":"{code}","success":"{success}"}}"#
            ))
        };
        assert!(
            item(
                "P",
                "R:1:EUR:AUTHORISATION:true:x",
                "500",
                "AUTHORISATION",
                "false"
            )
            .is_some()
        );
        assert_eq!(
            item("P::Acct:R:1", "true:x", "500", "AUTHORISATION", "false"),
            None
        );
        assert_eq!(
            item(
                "P",
                "R",
                "1",
                "AUTHORISATION",
                "true:x:500:EUR:AUTHORISATION:false"
            ),
            None
        );
        assert_eq!(item("P", "R", "1", "AUTHORISATION:true:x", "false"), None);
        assert_eq!(item("P", "R", "\"1:EUR\"", "AUTHORISATION", "false"), None);
    }

    #[test]
    fn what_is_no_text_is_not_joined() {
        assert_eq!(of(r#"{"success":true}"#), None);
        assert_eq!(of(r#"{"success":"true","success":"false"}"#), None);
        assert_eq!(of("["), None);
    }
}
