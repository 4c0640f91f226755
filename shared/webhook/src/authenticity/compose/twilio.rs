//! Twilio: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>

use catalogue::Place;
use sha2::{Digest as _, Sha256};

use crate::{
    reading::{
        delivery::Delivery,
        extract::{self, NoText, refuse},
        form,
    },
    refusal::{Reason, Refusal},
};

const DIGEST: Place = Place::Query("bodySHA256");

/// The sorted fields of a form. Of any other body the URL has the digest, and nothing stands behind it.
pub(super) fn fields(delivery: &Delivery<'_>) -> Result<String, Refusal> {
    match extract::text(DIGEST, delivery) {
        Ok(digest) => {
            if hex::decode(&*digest).ok().as_deref() != Some(&Sha256::digest(delivery.body)[..]) {
                return Err(Refusal::new(Reason::Forged, "the URL is for another body"));
            }
            Ok(String::new())
        }
        Err(NoText::Absent) => sorted(delivery.body),
        Err(why) => Err(refuse(why, &extract::describe(DIGEST))),
    }
}

/// Names and values, sorted; a value that is there twice counts once.
fn sorted(body: &[u8]) -> Result<String, Refusal> {
    let mut pairs =
        form::text_pairs(body).ok_or_else(|| Refusal::malformed("a form field is not UTF-8"))?;
    pairs.sort();
    pairs.dedup();
    Ok(pairs
        .into_iter()
        .map(|(name, value)| name + &value)
        .collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::reading::delivery::Headers;

    #[test]
    fn fields_are_sorted_and_count_once() {
        assert_eq!(sorted(b"b=2&a=x+y&b=1&b=2").unwrap(), "ax yb1b2");
        assert_eq!(sorted(b"").unwrap(), "");
        assert!(sorted(b"a=%ff").is_err());
    }

    #[test]
    fn two_digests_are_none() {
        let headers = Headers::default();
        let of = |query: &str| {
            let url = format!("https://a.example/?{query}");
            fields(&Delivery::new("POST", &url, &headers, b"{}"))
        };
        let digest = hex::encode(Sha256::digest(b"{}"));
        let right = format!("bodySHA256={digest}");
        assert_eq!(of(&right).unwrap(), "");
        assert_eq!(of(&format!("{right}&a=1&{right}")).unwrap(), "");
        assert_eq!(
            of(&format!("{right}&bodySHA256=00")).unwrap_err().reason,
            Reason::Malformed
        );
        assert_eq!(of("bodySHA256=00").unwrap_err().reason, Reason::Forged);
        assert_eq!(of("").unwrap(), "{}");
    }
}
