//! Mercado Pago: <https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks>

use catalogue::Place;
use serde::de::IgnoredAny;

use crate::{
    reading::{
        delivery::Delivery,
        extract::{self, NoText},
    },
    refusal::{Reason, Refusal},
};

/// The id of the query, the request's id and the time; what is missing is left out. The id is signed as
/// it stands, says every official library since June 2026; in lower case, says the page: both are tried.
/// A text with the mark that ends it, read otherwise, would be two.
///
/// Where the body has the id too, it must be this one: handlers act on what the body names, and the body isn't signed.
pub(super) fn messages(delivery: &Delivery<'_>, timestamp: &str) -> Result<Vec<String>, Refusal> {
    let text = |place| extract::text(place, delivery).ok();
    let places = [Place::Query("data.id"), Place::Header("x-request-id")];
    if places
        .into_iter()
        .filter_map(text)
        .any(|text| text.contains(';'))
    {
        return Ok(Vec::new());
    }
    let request = text(Place::Header("x-request-id"))
        .map(|id| format!("request-id:{id};"))
        .unwrap_or_default();
    let with = |id: &str| format!("{id}{request}ts:{timestamp};");
    let Some(id) = text(Place::Query("data.id")) else {
        return Ok(vec![with("")]);
    };
    // Of JSON that says it in two ways, as an id that stands there twice, others may read the other one.
    let is_another = match extract::text(Place::Json("data.id"), delivery) {
        Ok(in_body) => !in_body.eq_ignore_ascii_case(&id),
        Err(NoText::Absent) => false,
        Err(NoText::Unusable(_)) => serde_json::from_slice::<IgnoredAny>(delivery.body).is_ok(),
    };
    if is_another {
        return Err(Refusal::new(
            Reason::Forged,
            "the body names another `data.id` than the one that is signed",
        ));
    }
    let mut messages = vec![with(&format!("id:{id};"))];
    let lower = id.to_lowercase();
    if lower != id {
        messages.push(with(&format!("id:{lower};")));
    }
    Ok(messages)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    #[test]
    fn the_body_may_name_no_other_id_than_the_signed_one() {
        let headers = Headers::default();
        let with = |body: &'static str| {
            let delivery =
                Delivery::new("POST", "https://a/b?data.id=ab1", &headers, body.as_bytes());
            messages(&delivery, "1").map_err(|refusal| refusal.reason)
        };
        for body in [
            "",
            "{}",
            "id=2",
            r#"{"data":{"id":"AB1"}}"#,
            r#"{"data":{}}"#,
        ] {
            assert!(with(body).is_ok(), "{body}");
        }
        for body in [
            r#"{"data":{"id":"ab2"}}"#,
            r#"{"data":{"id":999999}}"#,
            r#"{"data":{"id":"ab1","id":"ab2"}}"#,
            r#"{"data":{"id":"ab1"},"data":{"id":"ab2"}}"#,
        ] {
            assert_eq!(with(body), Err(Reason::Forged), "{body}");
        }
    }

    #[test]
    fn the_id_is_signed_as_it_stands_or_in_lower_case_and_what_is_missing_is_left_out() {
        let with: Headers = [("x-request-id", "r")].into_iter().collect();
        let without = Headers::default();
        for (query, headers, expected) in [
            (
                "data.id=AB&type=x",
                &with,
                &["id:AB;request-id:r;ts:1;", "id:ab;request-id:r;ts:1;"][..],
            ),
            ("type=x", &with, &["request-id:r;ts:1;"]),
            ("data.id=1", &without, &["id:1;ts:1;"]),
            ("", &without, &["ts:1;"]),
        ] {
            let delivery = Delivery {
                method: "POST",
                path: "",
                query,
                url: "",
                headers,
                body: b"",
            };
            assert_eq!(messages(&delivery, "1").unwrap(), expected);
        }
    }
}
