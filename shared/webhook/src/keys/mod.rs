//! What a delivery is verified with: secrets, public keys, and where they are to be had.

mod base64;
pub mod certificate;
pub mod generate;
pub(crate) mod key;
pub(crate) mod material;
pub mod origin;
pub(crate) mod pem;
mod public;
mod signing;
mod token;

pub use key::{KeyFault, Keys, Purpose, Secret};
pub use signing::SigningKey;
pub use token::Token;

pub(crate) use key::Key;
