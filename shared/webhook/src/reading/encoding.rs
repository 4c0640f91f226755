//! The texts in which signatures and digests stand in a delivery. Strictly: one spelling, one meaning.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use catalogue::Encoding;

/// Reads a signature's text.
pub(crate) fn decode(encoding: Encoding, text: &str) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Hex => {
            // A third of the work of `hex::decode`.
            let mut bytes = vec![0; text.len() / 2];
            hex::decode_to_slice(text, &mut bytes).ok()?;
            Some(bytes)
        }
        Encoding::Base64 => STANDARD.decode(text).ok(),
        Encoding::Base64Url => URL_SAFE_NO_PAD.decode(text).ok(),
        Encoding::Structured => {
            let encoded = text.strip_prefix(':')?.strip_suffix(':')?;
            STANDARD.decode(encoded).ok()
        }
        Encoding::Text => Some(text.as_bytes().to_vec()),
        Encoding::Jws => {
            let mut parts = text.split('.');
            let signature = parts.nth(2)?;
            if parts.next().is_some() {
                return None;
            }
            URL_SAFE_NO_PAD.decode(signature).ok()
        }
    }
}

/// Writes a signature.
pub(crate) fn encode(encoding: Encoding, signature: &[u8]) -> String {
    match encoding {
        Encoding::Hex => hex_text(signature),
        Encoding::Base64 => STANDARD.encode(signature),
        Encoding::Base64Url | Encoding::Jws => URL_SAFE_NO_PAD.encode(signature),
        Encoding::Structured => format!(":{}:", STANDARD.encode(signature)),
        Encoding::Text => String::from_utf8_lossy(signature).into_owned(),
    }
}

/// Bytes as digits of hex, at a quarter of the work of the general function: each event has a digest or two.
pub(crate) fn hex_text(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = vec![0; bytes.len() * 2];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    String::from_utf8(digits).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_have_one_spelling() {
        for (encoding, text, expected) in [
            (Encoding::Hex, "00fF", Some(&[0, 255][..])),
            (Encoding::Hex, "00f", None),
            (Encoding::Hex, "0x00", None),
            (Encoding::Hex, "00 ff", None),
            (Encoding::Base64, "AP8=", Some(&[0, 255])),
            (Encoding::Base64, "AP8", None),
            (Encoding::Base64, "AP9=", None),
            (Encoding::Base64, "AP8==", None),
            (Encoding::Base64, "AP8=\n", None),
            (Encoding::Base64, "_-8=", None),
            (Encoding::Base64Url, "_-8", Some(&[255, 239])),
            (Encoding::Base64Url, "_-8=", None),
            (Encoding::Base64Url, "/+8", None),
            (Encoding::Structured, ":AP8=:", Some(&[0, 255])),
            (Encoding::Structured, "AP8=", None),
            (Encoding::Structured, ":AP8=", None),
            (Encoding::Structured, ":", None),
        ] {
            assert_eq!(decode(encoding, text).as_deref(), expected, "{text}");
        }
    }
}
