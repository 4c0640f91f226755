//! What a delivery is verified with: secrets, public keys, and where they are to be had.

#[cfg(feature = "public-keys")]
pub mod certificate;
mod credential;
#[cfg(feature = "public-keys")]
pub mod fetched;
#[cfg(feature = "public-keys")]
pub mod generate;
pub(crate) mod key;
pub(crate) mod material;
pub mod origin;
pub(crate) mod pair;
#[cfg(feature = "public-keys")]
mod private;
mod signing;
mod token;

pub use credential::Credential;
pub use key::{KeyFault, Keys, Purpose, Secret};
#[cfg(feature = "public-keys")]
pub use private::PrivateKeys;
pub use signing::SigningKey;
pub use token::Token;

pub(crate) use key::Key;
