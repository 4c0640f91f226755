//! Mercado Pago: <https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks>

use catalogue::Place;

use crate::{delivery::Delivery, extract};

/// The id of the query in lower case, the request's id and the time; what lacks is left out.
pub(super) fn message(delivery: &Delivery<'_>, timestamp: &str) -> String {
    let text = |place| extract::text(place, delivery).ok();
    let id = text(Place::Query("data.id"))
        .map(|id| format!("id:{};", id.to_lowercase()))
        .unwrap_or_default();
    let request = text(Place::Header("x-request-id"))
        .map(|id| format!("request-id:{id};"))
        .unwrap_or_default();
    format!("{id}{request}ts:{timestamp};")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::Headers;

    #[test]
    fn what_lacks_is_left_out() {
        let with: Headers = [("x-request-id", "r")].into_iter().collect();
        let without = Headers::default();
        for (query, headers, expected) in [
            ("data.id=AB&type=x", &with, "id:ab;request-id:r;ts:1;"),
            ("type=x", &with, "request-id:r;ts:1;"),
            ("data.id=1", &without, "id:1;ts:1;"),
            ("", &without, "ts:1;"),
        ] {
            let delivery = Delivery {
                method: "POST",
                path: "",
                query,
                url: "",
                headers,
                body: b"",
            };
            assert_eq!(message(&delivery, "1"), expected);
        }
    }
}
