//! What a delivery proves: bytes, time and configuration in, a value out.
//!
//! It proves that a delivery is authentic ([`verify`](verify::verify)) and names the event that it carries; what becomes
//! of the event is the protocol's. It knows no AWS, no clock, no environment and no logging: its `Cargo.toml` says so.

pub mod address;
pub mod batch;
pub mod certificate;
mod compose;
pub mod delivery;
pub mod enrolment;
pub mod event;
mod extract;
pub mod form;
pub mod handshake;
mod json;
pub mod key;
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
mod timestamp;
mod token;
pub mod url;
pub mod verify;
