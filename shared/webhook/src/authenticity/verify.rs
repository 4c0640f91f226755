//! Proves that a delivery is authentic. From top to bottom: what one delivery goes through.

use std::fmt;

use catalogue::{Scheme, Source};
use protocol::time::UnixMillis;

use crate::{
    authenticity::{
        claim::{Claim, Claims},
        strangers,
    },
    event::Authentic,
    keys::Keys,
    reading::{
        delivery::Delivery,
        extract::{self, refuse},
    },
    refusal::{Reason, Refusal},
};

/// A delivery that could be authentic as far as that can be told without a key.
///
/// It holds what verification has found and composed by then, so that a key that is fetched later, or
/// once more, is held against the same bytes.
pub struct Checked<'a> {
    source: &'a Source,
    delivery: Delivery<'a>,
    now: UnixMillis,
    /// For each scheme that was looked at and applies what it claims, or why it can't prove the delivery.
    claims: Claims<'a>,
    /// Why the others that were looked at don't apply.
    inapplicable: Option<Refusal>,
    /// The schemes that weren't looked at: whether they matter the keys will tell.
    unread: &'static [Scheme],
}

/// Verifies a delivery: [`precheck`], and then [`Checked::prove`], the only way to an [`Authentic`] event.
///
/// Every scheme that has a key is tried; of several refusals the one that got furthest is
/// reported.
pub fn verify<'a>(
    source: &'a Source,
    keys: &'a Keys,
    delivery: Delivery<'a>,
    now: UnixMillis,
) -> Result<Authentic<'a>, Refusal> {
    Checked::new(source, delivery, now).prove(keys)
}

/// The first half of [`verify`]: all that can be checked without a key. Whoever has to fetch one asks this
/// before; [`Checked::prove`] is the other half.
///
/// A delivery is refused if no scheme of the source's could prove it, whichever keys there are.
pub fn precheck<'a>(
    source: &'a Source,
    delivery: Delivery<'a>,
    now: UnixMillis,
) -> Result<Checked<'a>, Refusal> {
    let mut checked = Checked::new(source, delivery, now);
    while let [scheme, unread @ ..] = checked.unread {
        checked.unread = unread;
        match applies(scheme, &delivery) {
            Ok(()) => Claim::read(scheme, &delivery, now, &mut checked.claims),
            Err(refusal) => {
                checked.inapplicable.get_or_insert(refusal);
            }
        }
        if checked.claims.iter().any(|(_, claim)| claim.is_ok()) {
            return Ok(checked);
        }
    }
    let refusals = checked.claims.iter();
    let refusals = refusals.filter_map(|(_, claim)| claim.as_ref().err());
    Err(furthest(refusals, checked.inapplicable.as_ref()))
}

/// Of several refusals the first that got furthest.
fn furthest<'r>(
    refusals: impl Iterator<Item = &'r Refusal>,
    inapplicable: Option<&Refusal>,
) -> Refusal {
    let further = |one: &'r Refusal, other: &'r Refusal| {
        if one.reason < other.reason {
            other
        } else {
            one
        }
    };
    let found = refusals.reduce(further).or(inapplicable);
    found.cloned().unwrap_or_else(|| {
        Refusal::new(
            Reason::Forged,
            "there is no key to verify this source's deliveries with",
        )
    })
}

impl<'a> Checked<'a> {
    fn new(source: &'a Source, delivery: Delivery<'a>, now: UnixMillis) -> Self {
        Self {
            source,
            delivery,
            now,
            claims: Vec::new(),
            inapplicable: None,
            unread: source.schemes,
        }
    }

    /// The second half of [`verify`]: whether one of these keys made one of the signatures.
    pub fn prove(&self, keys: &Keys) -> Result<Authentic<'a>, Refusal> {
        let mut refusals = Vec::new();
        let mut inapplicable = self.inapplicable.clone();
        let mut read_now = Vec::new();
        for scheme in self.unread {
            match applies(scheme, &self.delivery) {
                Ok(()) if keys.of_scheme(scheme).next().is_some() => {
                    Claim::read(scheme, &self.delivery, self.now, &mut read_now);
                }
                Ok(()) => {}
                Err(refusal) => {
                    inapplicable.get_or_insert(refusal);
                }
            }
        }
        for (scheme, claim) in self.claims.iter().chain(&read_now) {
            if keys.of_scheme(scheme).next().is_none() {
                continue;
            }
            if self.gives_way(scheme, keys) {
                inapplicable.get_or_insert_with(other_version);
                continue;
            }
            let proven = match claim {
                Ok(claim) => claim.prove(scheme, keys),
                Err(refusal) => Err(refusal.clone()),
            };
            match proven {
                Ok(proof) if strangers::is_signed_for_strangers(self.source, proof.message) => {
                    return Err(Refusal::new(
                        Reason::Forged,
                        "what is signed could be a challenge, which anyone may have signed",
                    ));
                }
                Ok(proof) => {
                    return Ok(Authentic::new(self.source, self.delivery, &proof));
                }
                Err(refusal) => refusals.push(refusal),
            }
        }
        Err(furthest(refusals.iter(), inapplicable.as_ref()))
    }

    /// Whether a stronger proof is there that this scheme must not rescue. If the source reads that one, it
    /// takes a key to read it with: without, it says nothing.
    fn gives_way(&self, scheme: &Scheme, keys: &Keys) -> bool {
        let Some(stronger) = scheme.unless else {
            return false;
        };
        let is_there = extract::texts(stronger.place, &self.delivery).is_ok_and(|texts| {
            let mut texts = texts.iter();
            texts.any(|text| extract::entries(stronger, text).next().is_some())
        });
        let reads_it = |scheme: &Scheme| scheme.signature == *stronger;
        is_there
            && (!self.source.schemes.iter().any(reads_it)
                || keys.entries.iter().any(|key| reads_it(key.scheme)))
    }
}

/// Whether this is the scheme by which the delivery says that it is signed.
fn applies(scheme: &Scheme, delivery: &Delivery<'_>) -> Result<(), Refusal> {
    if let Some((field, value)) = scheme.when {
        let text = extract::text(field.place, delivery)
            .map_err(|why| refuse(why, &extract::describe(field.place)))?;
        if extract::entries(field, &text).next() != Some(*value) {
            return Err(other_version());
        }
    }
    Ok(())
}

fn other_version() -> Refusal {
    Refusal::new(
        Reason::Malformed,
        "the signature is of a version that this source doesn't know, or that a newer one replaces",
    )
}

impl fmt::Debug for Checked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({:?}, {:?})", self.source.name, self.delivery)
    }
}
