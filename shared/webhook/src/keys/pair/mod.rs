//! The two halves of key pairs. All that the crate asks of AWS-LC beside a comparison stands here, so that it can be
//! built without: then there is no such key, and what could be one is refused.

#[cfg(not(feature = "public-keys"))]
mod none;
#[cfg(feature = "public-keys")]
pub(crate) mod opening;
#[cfg(feature = "public-keys")]
pub(crate) mod pem;
#[cfg(feature = "public-keys")]
mod private;
#[cfg(feature = "public-keys")]
mod public;

#[cfg(not(feature = "public-keys"))]
pub(crate) use self::none::{PrivateKey, PublicKey, is_public};
#[cfg(feature = "public-keys")]
pub(crate) use self::{
    private::PrivateKey,
    public::{PublicKey, is_public},
};

/// How PEM armour begins.
const BEGIN: &str = "-----BEGIN ";

/// Whether a text has PEM armour.
pub(crate) fn is_armoured(text: &str) -> bool {
    text.contains(BEGIN)
}
