//! What the ledger might hold, whole: a test changes what it is about, and the rest stays out of its sight.
//!
//! ```
//! use protocol::ledger::{Body, EventRecord};
//!
//! let large = EventRecord {
//!     body: Body::Inline(vec![b'1'; 300_000]),
//!     ..support::records::event("github", "1")
//! };
//! # assert_eq!(large.event_id, "1");
//! ```

use protocol::{
    covered::Part,
    ledger::{Body, EventKey, EventRecord, Leg, LegState, Life, State, Work},
    time::{UnixMillis, UnixSeconds},
};

/// When the events of this module came, and so the name of their lives.
pub const RECEIVED: UnixMillis = UnixMillis(1_800_000_000_123);

/// An event under this id. Its signature covers the id, the type and the body.
#[must_use]
pub fn event(source: &str, id: &str) -> EventRecord {
    EventRecord {
        key: EventKey::new(source, id),
        event_id: id.into(),
        event_type: "issue.opened".into(),
        received_at: RECEIVED,
        delivery_id: "0123456789abcdef".into(),
        body: Body::Inline(b"{}".to_vec()),
        // SHA-256 of the two bytes.
        body_digest: "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a".into(),
        headers: [("content-type".into(), "application/json".into())].into(),
        secret_label: "2026-11".into(),
        covered: [Part::Id, Part::Type, Part::Body].into_iter().collect(),
        reference: None,
        parent: None,
        expires_at: UnixSeconds(1_802_592_000),
    }
}

/// The work of the event of this life, after one claim. It has no legs.
#[must_use]
pub fn work(life: Life, state: State) -> Work {
    Work {
        life,
        state,
        attempt: 1,
        until: life.0,
        token: 0,
        legs: [].into(),
        all: 0,
        expires_at: UnixSeconds(1_802_764_800),
    }
}

/// A leg in this state, after one try.
#[must_use]
pub fn leg(state: LegState) -> Leg {
    Leg {
        state,
        tries: 1,
        ..Leg::opened(RECEIVED)
    }
}
