//! Where a recorded event goes, and what is sent of it: event and routes in, values out.
//!
//! [`Event`] is what routes look at; its payload is read once, when a route first asks for it, and shared by all.
//! [`matching()`] says which routes it goes, [`condition`] compares it with the pattern of one, [`fill`] makes bodies, headers and keys of it, and [`order`] says
//! what of it must not be overtaken. Nothing here knows AWS, a clock, the environment or logging.

pub mod condition;
mod event;
pub mod fill;
mod matcher;
mod matching;
pub mod order;
pub mod payload;

pub use condition::Mismatch;
pub use event::{Event, NotJson};
pub use fill::{Filling, Unfilled, instant};
pub use matching::{NoMatch, matching, wants_body};
pub use order::{Order, Unordered, Version};
