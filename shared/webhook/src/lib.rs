#![doc = include_str!("../README.md")]
//!
//! # The rooms
//!
//! What a delivery proves: bytes, time and configuration in, a value out.
//!
//! | room | what is in it |
//! |---|---|
//! | [`reading`] | what a delivery says |
//! | [`keys`] | what it is verified with |
//! | [`event`] | what an authentic one carries |
//! | [`authenticity`] | whether it is one: [`verify`](authenticity::verify::verify) |
//! | [`endpoint`] | what providers ask beside |
//! | [`receiver`] | all of it in one call, for anyone's server |
//!
//! Each room knows those above it and no other (`tests/rooms.rs` holds it). What becomes of the event is the
//! protocol's. Nothing here knows AWS, a clock, the environment or logging: the `Cargo.toml` says so.

pub mod authenticity;
pub mod endpoint;
pub mod event;
pub mod keys;
pub mod ports;
pub mod reading;
pub mod receiver;
pub mod refusal;

pub use catalogue;
pub use protocol::time::UnixMillis;

#[cfg(feature = "public-keys")]
pub use self::receiver::{FetchingReceiver, PublicKeys, Unfetched};
pub use self::{
    endpoint::handshake::Reply,
    event::Authentic,
    receiver::{Builder, Denied, Received, Receiver, Request, Unbuildable},
    refusal::{Reason, Refusal},
};
