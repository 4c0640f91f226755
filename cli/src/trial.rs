//! Tries a delivery on a source that differs from the one that was asked for, with the same `verify` that the stack
//! uses: what passes here would pass there.

use catalogue::{Claims, Handshake, Scheme, Source, Timestamp, Tolerance};
use protocol::time::UnixMillis;
use webhook::{
    authenticity::verify::verify,
    keys::{Keys, Secret},
    reading::delivery::Delivery,
    refusal::Refusal,
};

/// A source and the keys that its secrets are for it.
pub(crate) struct Trial {
    source: Source,
    keys: Keys,
}

impl Trial {
    /// The source with these schemes and secrets in place of its own. `None` where no secret is a key of them.
    pub(crate) fn new(source: &Source, schemes: Vec<Scheme>, secrets: &[Secret]) -> Option<Self> {
        // Schemes are read once and live as long as the process, which ends soon.
        let schemes: &'static [Scheme] = schemes.leak();
        let (keys, _) = Keys::load(schemes, secrets);
        let source = Source {
            schemes,
            ..source.clone()
        };
        (!keys.is_empty()).then_some(Self { source, keys })
    }

    /// The same, that takes for an event what could be a challenge.
    pub(crate) fn without_handshakes(mut self) -> Self {
        const NONE: &[Handshake] = &[];
        self.source.handshakes = NONE;
        self
    }

    pub(crate) fn verdict(&self, delivery: Delivery<'_>, now: UnixMillis) -> Result<(), Refusal> {
        verify(&self.source, &self.keys, delivery, now).map(|_| ())
    }
}

/// The schemes without a look at the clock: that a captured delivery is old says nothing of its signature.
pub(crate) fn timeless(schemes: &[Scheme]) -> Vec<Scheme> {
    schemes
        .iter()
        .map(|scheme| without_clock(*scheme))
        .collect()
}

pub(crate) fn without_clock(scheme: Scheme) -> Scheme {
    let untimed = Scheme {
        timestamp: scheme.timestamp.map(unchecked),
        ..scheme
    };
    untimed.with_claims(|claims| Claims {
        issued: None,
        expires: None,
        ..*claims
    })
}

/// The time, of whatever distance from the clock.
pub(crate) fn unchecked(timestamp: Timestamp) -> Timestamp {
    Timestamp {
        tolerance: Tolerance {
            past: None,
            future: None,
        },
        ..timestamp
    }
}
