//! The three headers of a Standard Webhook. What signs here is what signs the samples of that provider, and so what its
//! vectors hold to the specification.

use protocol::{
    outgoing::{Outgoing, Refusal},
    time::UnixMillis,
};
use webhook::{
    authenticity::sign::sign,
    keys::SigningKey,
    reading::delivery::{Delivery, Headers},
};

/// Time and signatures, one of each key: while a secret is rotated, the receiver may know either.
pub(super) fn headers(
    keys: &[SigningKey],
    outgoing: &Outgoing,
    now: UnixMillis,
) -> Result<Vec<(String, String)>, Refusal> {
    let id = [("webhook-id", outgoing.idempotency_key.as_str())];
    let headers: Headers = id.into_iter().collect();
    let delivery = Delivery::new("POST", "", &headers, &outgoing.body);
    let mut all: Vec<(String, String)> = Vec::new();
    for key in keys {
        let signed = sign(key, &delivery, now).map_err(|fault| Refusal::permanent(fault.0))?;
        for (name, text) in signed.headers {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((known, list)) if known == "webhook-signature" => {
                    list.push(' ');
                    list.push_str(&text);
                }
                // The same time.
                Some(_) => {}
                None => all.push((name, text)),
            }
        }
    }
    Ok(all)
}
