//! What an authentic delivery carries: one event, or a bundle of them.

mod authentic;
pub mod bundle;
mod key;
mod proof;
mod record;
#[cfg(feature = "public-keys")]
pub mod sealed;

pub use authentic::{Authentic, MAX_HEADER_BYTES, MAX_NAME_BYTES, Name};
pub use key::{MAX_ID_BYTES, Search};

pub(crate) use proof::Proof;
