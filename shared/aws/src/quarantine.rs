//! Refused deliveries that an operator has kept: for how much there is room stands in the enrolment table, the deliveries in
//! the bucket, encrypted, under a prefix that no function may read and that expires after three days.
//!
//! The room is taken first, by a condition, so that it holds for all processes together. What then can't be stored has used
//! room up: less is kept, never more. Opening, reading and ending a quarantine is the operator's (`operator/quarantine.rs`).

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use protocol::{
    fault::{Fault, FaultKind},
    ports::Written,
    time::{Millis, UnixMillis},
};
use serde::{Deserialize, Serialize};
use webhook::{endpoint::quarantine::Kept, ports, reading::delivery::Headers};

use crate::{
    bodies,
    clients::Clients,
    codec, fault,
    s3::{Object, S3},
};

/// The attributes' names.
pub(crate) mod name {
    pub(crate) const PK: &str = "pk";
    pub(crate) const OPEN_UNTIL: &str = "open_until";
    pub(crate) const DELIVERIES: &str = "deliveries";
    pub(crate) const BYTES: &str = "bytes";
}

/// Where in the bucket they stand.
pub(crate) const PREFIX: &str = "quarantine/";

/// How long a process believes that there is no room, having tried: anybody can send what is refused, and each try is a write.
const FULL: Millis = Millis::seconds(10);

/// The key of a source's entry. No source's name has such a letter.
pub(crate) fn pk(source: &str) -> String {
    format!("quarantine#{source}")
}

/// Table and bucket.
#[derive(Clone, Debug)]
pub struct Quarantine {
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
    s3: S3,
    bucket: String,
    full: Arc<Mutex<HashMap<String, UnixMillis>>>,
}

impl Quarantine {
    /// Those of these names.
    #[must_use]
    pub fn new(clients: &Clients, table: &str, bucket: &str) -> Self {
        Self {
            dynamodb: clients.dynamodb.clone(),
            table: table.to_owned(),
            s3: clients.s3.clone(),
            bucket: bucket.to_owned(),
            full: Arc::default(),
        }
    }

    async fn take_room(&self, kept: &Kept, bytes: usize) -> Result<Written, Fault> {
        let taken = self
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .key(name::PK, codec::s(pk(&kept.source)))
            .update_expression("SET #deliveries = #deliveries - :one, #bytes = #bytes - :these")
            // Of an item that isn't there no attribute is greater than anything.
            .condition_expression("#open_until > :now AND #deliveries >= :one AND #bytes >= :these")
            .expression_attribute_names("#open_until", name::OPEN_UNTIL)
            .expression_attribute_names("#deliveries", name::DELIVERIES)
            .expression_attribute_names("#bytes", name::BYTES)
            .expression_attribute_values(":now", codec::n(kept.received_at.0))
            .expression_attribute_values(":one", codec::n(1))
            .expression_attribute_values(":these", codec::n(bytes))
            .send()
            .await;
        fault::of_write(
            "taking room in the quarantine",
            taken,
            UpdateItemError::is_conditional_check_failed_exception,
        )
    }

    fn full(&self) -> MutexGuard<'_, HashMap<String, UnixMillis>> {
        // Whatever panicked left whole values behind: each is replaced in one step.
        self.full.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ports::Quarantine for Quarantine {
    async fn keep(&self, kept: &Kept) -> Result<Written, Fault> {
        let now = kept.received_at;
        let tried = self.full().get(&kept.source).copied();
        if tried.is_some_and(|tried| now.since(tried) < FULL) {
            return Ok(Written::No);
        }
        if self.take_room(kept, kept.body.len()).await? == Written::No {
            self.full().insert(kept.source.clone(), now);
            return Ok(Written::No);
        }
        let object = Object::new(encode(kept).into()).content_type(bodies::TYPE);
        (self.s3.put(&self.bucket, &key(kept), object))
            .await
            .map_err(|error| fault::of("storing what was refused", &error))?;
        Ok(Written::Yes)
    }
}

/// Where one stands: those of a source in the order in which they came.
fn key(kept: &Kept) -> String {
    let (source, id) = (&kept.source, &kept.delivery_id);
    format!("{PREFIX}{source}/{:015}-{id}", kept.received_at.0)
}

/// What stands before the body.
#[derive(Deserialize, Serialize)]
struct Front {
    source: String,
    delivery_id: String,
    received_at: i64,
    source_ip: Option<IpAddr>,
    reason: String,
    detail: String,
    method: String,
    url: String,
    headers: Vec<(String, String)>,
}

/// A line of JSON, and the body's bytes behind it.
fn encode(kept: &Kept) -> Vec<u8> {
    let pair = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    let front = Front {
        source: kept.source.clone(),
        delivery_id: kept.delivery_id.clone(),
        received_at: kept.received_at.0,
        source_ip: kept.source_ip,
        reason: kept.reason.clone(),
        detail: kept.detail.clone(),
        method: kept.method.clone(),
        url: kept.called_url.clone(),
        headers: kept.headers.iter().map(pair).collect(),
    };
    // Texts and numbers can always be written.
    let mut bytes = serde_json::to_vec(&front).unwrap_or_default();
    bytes.push(b'\n');
    bytes.extend(&kept.body);
    bytes
}

#[cfg_attr(
    not(feature = "operator"),
    expect(dead_code, reason = "the operator reads them")
)]
pub(crate) fn decode(bytes: &[u8]) -> Result<Kept, Fault> {
    // What serde says of a fault may quote the delivery.
    let none = || {
        let text = "an object of the quarantine is no delivery";
        Fault::new(FaultKind::Malformed, "reading the quarantine", text)
    };
    let end = bytes.iter().position(|b| *b == b'\n').ok_or_else(none)?;
    let front: Front = serde_json::from_slice(&bytes[..end]).map_err(|_| none())?;
    Ok(Kept {
        source: front.source,
        delivery_id: front.delivery_id,
        received_at: UnixMillis(front.received_at),
        source_ip: front.source_ip,
        reason: front.reason,
        detail: front.detail,
        method: front.method,
        called_url: front.url,
        headers: front.headers.into_iter().collect::<Headers>(),
        body: bytes[end + 1..].to_vec(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_delivery_comes_back_byte_for_byte_and_no_fault_quotes_it() {
        let kept = Kept {
            source: "stripe".into(),
            delivery_id: "0f".repeat(16),
            received_at: UnixMillis(1_800_000_000_123),
            source_ip: Some([192, 0, 2, 1].into()),
            reason: "forged".into(),
            detail: "no signature matches".into(),
            method: "POST".into(),
            called_url: "https://example.com/webhooks/stripe?a=b\n".into(),
            headers: [("Stripe-Signature", "t=1,v1=2\u{e9}"), ("X", "a\nb")]
                .into_iter()
                .collect(),
            body: b"{\n\x00\xff hush}\n".to_vec(),
        };
        assert_eq!(decode(&encode(&kept)).unwrap(), kept);
        assert_eq!(
            key(&kept),
            format!("quarantine/stripe/001800000000123-{}", "0f".repeat(16))
        );
        for bytes in [&b""[..], b"hush", b"{\"hush\":1}\n", b"\n"] {
            let fault = decode(bytes).unwrap_err();
            assert!(!format!("{fault:?}").contains("hush"));
        }
        assert!(!format!("{kept:?}").contains("hush"));
    }
}
