//! How large a body may be.

/// The largest body that is taken unless the source says otherwise, decoded, in bytes. It fits into
/// Lambda's event however it is encoded.
pub const MAX_BODY_BYTES: usize = 4 * 1024 * 1024;

/// The largest body that a source can ask for, decoded, in bytes. Lambda takes 6 MiB of event
/// (<https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>), of which 32 KiB are for
/// the headers, API Gateway's 10,240 bytes at most with what JSON adds to them, and for the rest of the
/// request. A text that JSON has to escape takes more room, and what API Gateway encodes in base64 ends
/// at three quarters of this, [`LARGEST_BASE64_BODY_BYTES`]: beyond that Lambda refuses.
pub const LARGEST_BODY_BYTES: usize = (6 * 1024 - 32) * 1024;

/// The largest body that reaches us in base64: every content type but text, JSON and XML.
pub const LARGEST_BASE64_BODY_BYTES: usize = LARGEST_BODY_BYTES / 4 * 3;

/// How large a body may be. What has to be done before a signature is proven or not is the stranger's to
/// ask for: where that is more than to hash the body once for each key, the body must be smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimit {
    /// In bytes, decoded.
    pub bytes: usize,
    /// Why it is less than the default, or where the provider says that it sends no more; empty for the
    /// default.
    pub why: &'static str,
}

impl BodyLimit {
    /// What is taken of everyone whose deliveries cost one hash to check.
    pub const DEFAULT: Self = Self {
        bytes: MAX_BODY_BYTES,
        why: "",
    };

    /// A limit of this many KiB.
    #[must_use]
    pub const fn kib(kib: usize, why: &'static str) -> Self {
        Self {
            bytes: kib * 1024,
            why,
        }
    }
}
