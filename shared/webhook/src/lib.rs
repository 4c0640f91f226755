//! The core of Landfall: bytes, time and configuration in, a value out.
//!
//! It proves that a delivery is authentic ([`verify`](verify::verify)), names the event that it carries, and decides
//! what ingest, consumer and sweeper do next ([`decide`]). It knows no AWS, no clock, no environment
//! and no logging: its `Cargo.toml` says so.

pub mod address;
pub mod batch;
pub mod certificate;
mod compose;
pub mod covered;
pub mod decide;
pub mod delivery;
pub mod enrolment;
pub mod event;
mod extract;
pub mod form;
pub mod handshake;
mod json;
pub mod key;
pub mod ledger;
mod message;
mod multipart;
pub mod origin;
mod pem;
pub mod ports;
mod public_key;
pub mod refusal;
pub mod sign;
mod signature;
pub mod subscription;
pub mod ticket;
pub mod time;
mod timestamp;
mod token;
pub mod url;
pub mod verify;
