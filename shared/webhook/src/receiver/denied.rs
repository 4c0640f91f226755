//! Why a request is not taken.

use crate::{
    endpoint::{admission::Inadmissible, handshake::Unproven},
    refusal::Refusal,
};

/// Why a request is not taken. Its text may be logged: it quotes nothing of the request and no secret. The sender is
/// told the status alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Denied {
    /// It was not looked at any further.
    #[error("{0}")]
    Inadmissible(#[from] Inadmissible),
    /// A handshake of someone who doesn't prove to be the provider.
    #[error("{0}")]
    Unproven(#[from] Unproven),
    /// It is no authentic delivery.
    #[error("{refusal}")]
    Refused {
        /// In which way.
        #[source]
        refusal: Refusal,
        /// The status that makes this provider drop it.
        status: u16,
    },
    /// The keys can't be had now, so that nobody knows: the provider is to send again.
    #[cfg(feature = "public-keys")]
    #[error("{0}")]
    Unavailable(#[from] super::Unfetched),
}

impl Denied {
    /// The HTTP status by which the sender is told: 4xx means that it is never taken, 5xx that it is to be sent again.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Inadmissible(inadmissible) => inadmissible.status(),
            Self::Unproven(unproven) => unproven.status(),
            Self::Refused { status, .. } => *status,
            #[cfg(feature = "public-keys")]
            Self::Unavailable(_) => 503,
        }
    }
}
