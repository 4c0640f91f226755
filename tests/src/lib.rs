//! What the tests of several crates share: the doors of the fuzzers, and the world that the functions run in.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::missing_panics_doc)]

pub mod fuzz;
mod processor;
#[cfg(feature = "functions")]
pub mod world;

pub use processor::on_processor;
