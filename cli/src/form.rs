//! Writes the fields of queries and form bodies.

use std::fmt::Write as _;

/// Percent-encodes all but letters, digits and `-._~`, as RFC 3986 has it.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => {
                // Writing to a String can't fail.
                let _ = write!(escaped, "%{byte:02X}");
            }
        }
    }
    escaped
}
