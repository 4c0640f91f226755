//! Deliveries that a source refuses, kept for a while because the operator has asked for it.
//!
//! Nothing of a refused delivery is kept otherwise. A secret that is wrong from the first day on, though, makes forged ones
//! of all that a provider sends, and some never send again: so the operator may open a source's quarantine for some hours. What
//! comes then and is refused as forged or stale is kept, with all that it takes to verify it, and is refused all the same. Once
//! the mistake is mended the operator has it verified again, as of when it came.

use std::{fmt, net::IpAddr};

use catalogue::Source;
use protocol::time::{Millis, UnixMillis};

use crate::{
    authenticity::verify::verify,
    event::Authentic,
    keys::Keys,
    reading::{
        delivery::{Delivery, Headers},
        url,
    },
    refusal::{Reason, Refusal},
};

/// How long what was kept waits for the operator.
pub const KEPT_FOR: Millis = Millis::days(3);

/// The longest for which a quarantine is opened.
pub const LONGEST: Millis = Millis::days(1);

/// A delivery that was refused and is kept. It shows nothing of what it says.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The source that it came to.
    pub source: String,
    /// What it is called: random, and ours.
    pub delivery_id: String,
    /// When it came.
    pub received_at: UnixMillis,
    /// From which address, where the platform knew.
    pub source_ip: Option<IpAddr>,
    /// Why it was refused.
    pub reason: String,
    /// What that was about.
    pub detail: String,
    /// The HTTP method.
    pub method: String,
    /// The URL that was called.
    pub called_url: String,
    /// All its headers.
    pub headers: Headers<'static>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

/// A quarantine that was opened: until when, and for how much there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Until when something is kept.
    pub open_until: UnixMillis,
    /// For so many more deliveries.
    pub deliveries: u64,
    /// For so many more bytes.
    pub bytes: u64,
}

/// Whether what was refused for this reason may turn out to be authentic.
#[must_use]
pub const fn is_kept(reason: Reason) -> bool {
    matches!(reason, Reason::Forged | Reason::Stale)
}

impl Room {
    /// Takes the room for one delivery of so many bytes, if there is any.
    pub fn take(&mut self, bytes: u64, now: UnixMillis) -> bool {
        let has_room = now < self.open_until && self.deliveries >= 1 && self.bytes >= bytes;
        if has_room {
            self.deliveries -= 1;
            self.bytes -= bytes;
        }
        has_room
    }
}

impl Kept {
    /// The URL that the provider signs, if this one was entered there.
    #[must_use]
    pub fn signed_url(&self, entered: Option<&str>) -> String {
        url::as_signed(&self.called_url, entered)
    }

    /// Verifies it with these keys, as of when it came.
    pub fn verify<'a>(
        &'a self,
        source: &'a Source,
        keys: &'a Keys,
        signed_url: &'a str,
    ) -> Result<Authentic<'a>, Refusal> {
        let delivery = Delivery::new(&self.method, signed_url, &self.headers, &self.body);
        verify(source, keys, delivery, self.received_at)
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("source", &self.source)
            .field("delivery_id", &self.delivery_id)
            .field("received_at", &self.received_at)
            .field("reason", &self.reason)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: UnixMillis = UnixMillis(1_800_000_000_000);

    #[test]
    fn there_is_room_until_a_time_for_a_number_and_for_so_many_bytes() {
        let room = Room {
            open_until: NOW.plus(Millis(1)),
            deliveries: 2,
            bytes: 10,
        };
        let mut taken = room;
        assert!(taken.take(10, NOW) && taken.take(0, NOW) && !taken.take(0, NOW));
        assert_eq!((taken.deliveries, taken.bytes), (0, 0));
        for (bytes, now) in [(11, NOW), (0, room.open_until)] {
            let mut left = room;
            assert!(!left.take(bytes, now));
            assert_eq!(left, room);
        }
    }

    #[test]
    fn only_what_may_be_authentic_after_all_is_kept() {
        assert!(is_kept(Reason::Forged) && is_kept(Reason::Stale));
        assert!(!is_kept(Reason::Missing) && !is_kept(Reason::Malformed));
    }
}
