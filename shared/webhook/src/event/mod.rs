//! What an authentic delivery carries: one event, or a bundle of them.

mod authentic;
pub mod bundle;
mod proof;

pub use authentic::{Authentic, MAX_HEADER_BYTES, MAX_ID_BYTES, MAX_NAME_BYTES, Name};

pub(crate) use proof::Proof;
