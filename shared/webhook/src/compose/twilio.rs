//! Twilio: <https://www.twilio.com/docs/usage/webhooks/webhooks-security>

use catalogue::Place;
use sha2::{Digest as _, Sha256};

use crate::{
    delivery::Delivery,
    extract, form,
    refusal::{Reason, Refusal},
};

use super::{malformed, url};

/// The URL in each form that Twilio may have signed, and the sorted fields of a form behind it. Of any
/// other body the URL has the digest.
pub(super) fn messages(delivery: &Delivery<'_>) -> Result<Vec<String>, Refusal> {
    if delivery.url.is_empty() {
        return Err(Refusal::new(Reason::Missing, "the URL is not known"));
    }
    let fields = match extract::text(Place::Query("bodySHA256"), delivery) {
        Ok(digest) => {
            if hex::decode(&*digest).ok().as_deref() != Some(&Sha256::digest(delivery.body)[..]) {
                return Err(Refusal::new(Reason::Forged, "the URL is for another body"));
            }
            String::new()
        }
        Err(_) => fields(delivery.body)?,
    };
    Ok(url::forms(delivery.url)
        .into_iter()
        .map(|url| url + &fields)
        .collect())
}

/// Names and values, sorted; a value that is there twice counts once.
fn fields(body: &[u8]) -> Result<String, Refusal> {
    let mut pairs = form::text_pairs(body).ok_or_else(|| malformed("a form field is not UTF-8"))?;
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

    #[test]
    fn fields_are_sorted_and_count_once() {
        assert_eq!(fields(b"b=2&a=x+y&b=1&b=2").unwrap(), "ax yb1b2");
        assert_eq!(fields(b"").unwrap(), "");
        assert!(fields(b"a=%ff").is_err());
    }
}
