//! The event of an authentic delivery as the ledger is to hold it.

use protocol::{
    ledger::{Body, EventRecord},
    time::UnixMillis,
};

use super::{Authentic, Name};

/// The longest event id that is kept, in bytes: an item has room for this much beside its body.
const LONGEST_ID: usize = 8 * 1_024;

impl Authentic<'_> {
    /// The event's record, of a delivery with this id that was received then. A body of more than so many bytes belongs into
    /// the bucket.
    #[must_use]
    pub fn record(
        &self,
        delivery_id: String,
        received_at: UnixMillis,
        inline_body_bytes: usize,
    ) -> EventRecord {
        let Name { id, key } = self.name(&delivery_id);
        EventRecord {
            event_id: if id.len() > LONGEST_ID {
                // Its digest is in the key.
                key.id().to_owned()
            } else {
                id
            },
            event_type: self.event_type().to_owned(),
            received_at,
            delivery_id,
            body: Body::place(self.body(), &key, self.body_digest(), inline_body_bytes),
            key,
            body_digest: self.body_digest().to_owned(),
            headers: self.headers(),
            secret_label: self.secret_label().to_owned(),
            covered: self.covered(),
            reference: self.reference(),
            parent: None,
            expires_at: EventRecord::expiry(received_at, self.source().retention_days),
        }
    }
}
