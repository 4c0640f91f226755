//! Whether a delivery was made by who holds the key: [`verify`] reads it as its source's schemes say, and [`sign`] makes
//! what it accepts.

mod claim;
mod compose;
mod draft;
pub mod sign;
mod strangers;
mod timestamp;
mod token;
pub mod verify;

pub use claim::MAX_CANDIDATES;
