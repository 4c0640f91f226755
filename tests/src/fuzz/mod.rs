//! What must hold of any bytes from outside: one function for each door by which they come in. Each panics where it
//! doesn't hold. `fuzz/` runs them for as long as one likes, `tests/corpus.rs` for a few seconds in every test run.
//!
//! An input is fields that end in a zero byte, and the body, which takes the rest.

mod address;
mod event;
mod form;
mod items;
mod key;
#[cfg(feature = "functions")]
mod platform;
pub mod seeds;
mod signature;
mod sources;
mod ticket;

use std::borrow::Cow;

pub use self::{
    address::address,
    event::{event, handshake},
    form::form,
    items::items,
    key::key,
    signature::{header, tamper, timestamp, verify},
    sources::sources,
    ticket::ticket,
};
#[cfg(feature = "functions")]
pub use platform::{batch, request};

/// What must hold of any bytes.
pub type Target = fn(&[u8]);

/// Every function here and its name, which is also that of its corpus.
pub const TARGETS: &[(&str, Target)] = &[
    ("address", address),
    #[cfg(feature = "functions")]
    ("batch", batch),
    ("event", event),
    ("form", form),
    ("handshake", handshake),
    ("header", header),
    ("items", items),
    ("key", key),
    #[cfg(feature = "functions")]
    ("request", request),
    ("sources", sources),
    ("tamper", tamper),
    ("ticket", ticket),
    ("timestamp", timestamp),
    ("verify", verify),
];

/// Takes an input apart.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    /// One of these.
    fn pick<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        &among[usize::from(self.byte()) % among.len()]
    }

    /// One of these, which may be more than a byte numbers.
    fn pick_of_many<'t, T>(&mut self, among: &'t [T]) -> &'t T {
        let at = u16::from_be_bytes([self.byte(), self.byte()]);
        &among[usize::from(at) % among.len()]
    }

    fn bytes(&mut self) -> &'a [u8] {
        let end = self.0.iter().position(|byte| *byte == 0);
        let field = &self.0[..end.unwrap_or(self.0.len())];
        self.0 = end.map_or(&[], |end| &self.0[end + 1..]);
        field
    }

    fn text(&mut self) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes())
    }

    /// A whole number; zero where there is none.
    fn number(&mut self) -> i64 {
        self.text().parse().unwrap_or_default()
    }

    fn rest(self) -> &'a [u8] {
        self.0
    }
}
