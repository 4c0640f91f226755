//! What is refused of a request before a byte of its body is looked at: by its method, its length and its sender.

use std::net::IpAddr;

use catalogue::Source;

use crate::{endpoint::handshake, reading::delivery::Delivery};

/// Why a request isn't looked at any further.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Inadmissible {
    /// The source has no use for its method.
    #[error("the method is not one of this source's")]
    Method {
        /// Those that it has a use for, as the header `Allow` lists them.
        allowed: String,
    },
    /// The body is larger than the source takes.
    #[error("the body is larger than the source takes")]
    TooLarge,
    /// It comes from an address that the source doesn't list.
    #[error("the sender's address is not one of those that the source lists")]
    Address,
}

impl Inadmissible {
    /// The HTTP status that says so.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Method { .. } => 405,
            Self::TooLarge => 413,
            Self::Address => 403,
        }
    }
}

/// Whether the source has any use for a request of this method.
pub fn by_method(source: &Source, method: &str) -> Result<(), Inadmissible> {
    if methods(source).any(|known| known == method) {
        Ok(())
    } else {
        Err(no_method(source, method))
    }
}

/// Whether a body of so many bytes from this address is looked at.
pub fn by_size_and_sender(
    source: &Source,
    bytes: usize,
    from: Option<IpAddr>,
) -> Result<(), Inadmissible> {
    if bytes > source.max_body_bytes {
        return Err(Inadmissible::TooLarge);
    }
    if !source.allows(from) {
        return Err(Inadmissible::Address);
    }
    Ok(())
}

/// Whether a request that is no unsigned handshake may be an event, or a handshake that is signed, by its method.
pub fn as_event(source: &Source, delivery: &Delivery<'_>) -> Result<(), Inadmissible> {
    if source.takes(delivery.method) || handshake::awaits_proof(source, delivery) {
        Ok(())
    } else {
        Err(no_method(source, delivery.method))
    }
}

/// The methods by which deliveries or handshakes come to a source.
fn methods(source: &Source) -> impl Iterator<Item = &'static str> {
    let of_handshakes = source
        .handshakes
        .iter()
        .map(|handshake| handshake.method.as_str())
        .filter(|method| !source.takes(method));
    of_handshakes.chain(source.methods.iter().map(|method| method.as_str()))
}

/// The refusal of a request whose method this source has no use for, with those that it has.
fn no_method(source: &Source, method: &str) -> Inadmissible {
    let mut allowed: Vec<_> = methods(source).filter(|known| *known != method).collect();
    allowed.dedup();
    Inadmissible::Method {
        allowed: allowed.join(", "),
    }
}
