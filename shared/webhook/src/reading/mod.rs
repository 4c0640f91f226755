//! What a delivery says: texts and bytes found in it, and none of it believed.

pub mod address;
pub(crate) mod base64;
pub mod delivery;
pub(crate) mod encoding;
pub(crate) mod extract;
pub mod form;
pub(crate) mod http_message;
pub(crate) mod json;
pub mod jws;
pub(crate) mod listed;
pub(crate) mod message;
mod multipart;
pub(crate) mod structured;
pub mod url;
