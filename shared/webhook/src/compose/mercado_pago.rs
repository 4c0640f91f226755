//! Mercado Pago: <https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks>

use catalogue::Place;

use crate::{delivery::Delivery, extract};

/// The id of the query, the request's id and the time; what is missing is left out. The id is signed as
/// it stands, says every official library since June 2026; in lower case, says the page: both are tried.
/// A text with the mark that ends it, read otherwise, would be two.
pub(super) fn messages(delivery: &Delivery<'_>, timestamp: &str) -> Vec<String> {
    let text = |place| extract::text(place, delivery).ok();
    let places = [Place::Query("data.id"), Place::Header("x-request-id")];
    if places
        .into_iter()
        .filter_map(text)
        .any(|text| text.contains(';'))
    {
        return Vec::new();
    }
    let request = text(Place::Header("x-request-id"))
        .map(|id| format!("request-id:{id};"))
        .unwrap_or_default();
    let with = |id: &str| format!("{id}{request}ts:{timestamp};");
    let Some(id) = text(Place::Query("data.id")) else {
        return vec![with("")];
    };
    let mut messages = vec![with(&format!("id:{id};"))];
    let lower = id.to_lowercase();
    if lower != id {
        messages.push(with(&format!("id:{lower};")));
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Headers;

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
            assert_eq!(messages(&delivery, "1"), expected);
        }
    }
}
